"""Which facts a role sees, how deep and in what order: a sheet to a page model that every format shares."""

from factsheet.views.agreement import Recomputation, Recomputed
from factsheet.views.build import build_page
from factsheet.views.page import VIEW_NAMES, Page, ViewName

__all__ = ["VIEW_NAMES", "Page", "Recomputation", "Recomputed", "ViewName", "build_page"]
