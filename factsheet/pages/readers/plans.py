"""One module a reader; `VIEWS` has them all by name."""

from factsheet.pages.model import ViewName
from factsheet.pages.readers import (
    ai_engineer,
    algorithm_designer,
    business_expert,
    data_scientist,
    full,
    hardware_researcher,
    software_developer,
)
from factsheet.pages.readers.view import View

VIEWS: dict[ViewName, View] = {
    view.name: view
    for view in (
        hardware_researcher.VIEW,
        algorithm_designer.VIEW,
        data_scientist.VIEW,
        ai_engineer.VIEW,
        software_developer.VIEW,
        business_expert.VIEW,
        full.VIEW,
    )
}

__all__ = ["VIEWS"]
