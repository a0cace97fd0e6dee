"""Check that web addresses answer. Nothing here runs unless the user asked for the network.

A sheet may come from a stranger, and a check may run inside a company's network: whatever leads to a private or local
address is not opened, at no step of a redirection, and nothing of an answer is read but its status.
"""

from __future__ import annotations

import http.client
import queue
import ssl
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from http import HTTPStatus
from ipaddress import ip_address
from typing import TYPE_CHECKING, NamedTuple

from factsheet._version import __version__
from factsheet.errors import PrivateAddressError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from http.client import HTTPMessage
    from typing import IO

_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_SERVER_ERRORS = range(500, 600)


class LinkCheckLimits(NamedTuple):
    """The limits of a link check.

    Attributes:
        timeout_s: seconds to wait for a server, for each of at most two requests.
        parallel: addresses requested at the same time.
        allow_private: whether addresses of private networks and of this machine may be opened.
    """

    timeout_s: float = 10.0
    parallel: int = 8
    allow_private: bool = False


def unanswered(addresses: Mapping[str, bool], limits: LinkCheckLimits) -> dict[str, str]:
    """Request every address, several at a time, and return those that do not answer.

    Args:
        addresses: http and https addresses, each with whether to follow redirections; an identifier's resolver
            has said all that counts when it redirects.
        limits: how long to wait, and what may be opened.

    Returns:
        The failure, by address. A server that refuses a program (401, 403, 429) has
        answered.
    """
    tasks: queue.SimpleQueue[str] = queue.SimpleQueue()
    answers: queue.SimpleQueue[tuple[str, str | None]] = queue.SimpleQueue()
    for address in addresses:
        tasks.put(address)

    def work() -> None:
        while True:
            try:
                address = tasks.get_nowait()
            except queue.Empty:
                return
            answers.put((address, _request(address, limits, follow=addresses[address])))

    workers = max(1, min(limits.parallel, len(addresses)))
    for _ in range(workers):
        # As daemons they cannot hold up the program: a server may send its answer one byte at a time.
        threading.Thread(target=work, daemon=True).start()
    late = f"no answer within {limits.timeout_s:g} s"
    found: dict[str, str | None] = dict.fromkeys(addresses, late)
    deadline = time.monotonic() + 2 * limits.timeout_s * -(-len(addresses) // workers) + 1
    for _ in addresses:
        try:
            address, fault = answers.get(timeout=max(deadline - time.monotonic(), 0))
        except queue.Empty:
            break
        found[address] = fault
    return {address: fault for address, fault in found.items() if fault is not None}


def _request(address: str, limits: LinkCheckLimits, *, follow: bool) -> str | None:
    """Return what is wrong with an address; `None` where it answers."""
    fault = None
    for method in ("HEAD", "GET"):  # not every server knows HEAD
        try:
            request = urllib.request.Request(_quoted(address), method=method, headers=_HEADERS)  # noqa: S310  the opener knows http and https alone
            with _opener(limits, follow=follow).open(request, timeout=limits.timeout_s):
                return None
        except urllib.error.HTTPError as error:
            error.close()
            if error.code < HTTPStatus.BAD_REQUEST:
                return "it redirects without end, or to something other than a web page" if follow else None
            if error.code not in _GONE and error.code not in _SERVER_ERRORS and method == "GET":
                return None
            fault = f"{error.code} {_phrase(error.code)}"
        except TimeoutError:
            return f"no answer within {limits.timeout_s:g} s"
        except (OSError, http.client.HTTPException, ValueError) as error:
            fault = _in_words(error, limits)
            if isinstance(_cause(error), PrivateAddressError | TimeoutError):
                return fault
    return fault


_HEADERS = {"User-Agent": f"factsheet/{__version__} (link check)", "Accept": "*/*"}


def _quoted(address: str) -> str:
    """Return the address in ASCII, as requests are written."""
    parts = urllib.parse.urlsplit(address)
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname or parts.username:
        raise ValueError(address)
    host = parts.hostname.encode("idna").decode("ascii")
    host = f"[{host}]" if ":" in host else host
    netloc = host if parts.port is None else f"{host}:{parts.port}"
    quoted = [urllib.parse.quote(part, safe="%/:=&?~+!$,;'@()*-._") for part in (parts.path, parts.query)]
    return urllib.parse.urlunsplit((parts.scheme.lower(), netloc, *quoted, ""))


def _opener(limits: LinkCheckLimits, *, follow: bool) -> urllib.request.OpenerDirector:
    """Return an opener that knows http and https, and no files, FTP, cookies or passwords."""
    opener = urllib.request.OpenerDirector()
    opener.addheaders = []
    handlers: list[urllib.request.BaseHandler] = [
        urllib.request.ProxyHandler(),
        urllib.request.UnknownHandler(),
        _PlainHandler(limits),
        _SecureHandler(limits),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ]
    if follow:
        handlers.append(_RedirectHandler(limits))
    for handler in handlers:
        opener.add_handler(handler)
    return opener


class _Connection(http.client.HTTPConnection):
    """A connection that is given up, before anything is sent, when it has led into a private network."""

    def connect(self) -> None:
        super().connect()
        peer = self.sock.getpeername()[0]
        if _is_private(peer):
            self.close()
            raise PrivateAddressError(peer)


class _SecureConnection(http.client.HTTPSConnection, _Connection):
    """The same under TLS: the peer is looked at before the handshake."""


class _PlainHandler(urllib.request.HTTPHandler):
    def __init__(self, limits: LinkCheckLimits) -> None:
        super().__init__()
        self.limits = limits

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        guarded = _guard(req, self.limits)
        return self.do_open(_Connection if guarded else http.client.HTTPConnection, req)


class _SecureHandler(urllib.request.HTTPSHandler):
    def __init__(self, limits: LinkCheckLimits) -> None:
        super().__init__()
        self.limits = limits

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        guarded = _guard(req, self.limits)
        kind = _SecureConnection if guarded else http.client.HTTPSConnection
        return self.do_open(kind, req, context=ssl.create_default_context())


class _RedirectHandler(urllib.request.HTTPRedirectHandler):
    """Redirections as browsers follow them; the method stays, so that a HEAD does not turn into a download."""

    max_redirections = 5

    def __init__(self, limits: LinkCheckLimits) -> None:
        self.limits = limits

    def redirect_request(  # noqa: PLR0917  as urllib calls it
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        _refuse_literal(urllib.parse.urlsplit(newurl).hostname, self.limits)
        fp.close()  # or else the body that comes with a redirection would be read, however long it is
        following = super().redirect_request(req, fp, code, msg, headers, newurl)
        if following is not None:
            following.method = req.get_method()
        return following


def _guard(request: urllib.request.Request, limits: LinkCheckLimits) -> bool:
    """Return whether the connection's peer has to be public. A proxy is a peer of the user's own choice.

    Raises:
        PrivateAddressError: the address itself names a private one.
    """
    parts = urllib.parse.urlsplit(request.full_url)
    host = parts.hostname or ""
    _refuse_literal(host, limits)
    proxied = parts.scheme in urllib.request.getproxies() and not urllib.request.proxy_bypass(host)
    return not limits.allow_private and not proxied


def _refuse_literal(host: str | None, limits: LinkCheckLimits) -> None:
    if limits.allow_private or host is None:
        return
    if host.lower().rstrip(".").endswith(("localhost", ".local", ".internal")) or _is_private(host):
        raise PrivateAddressError(host)


def _is_private(host: str) -> bool:
    """Return whether a numeric address is one that the public network does not reach; names are not judged here."""
    try:
        address = ip_address(host.partition("%")[0].strip("[]"))
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return not (mapped or address).is_global or (mapped or address).is_multicast


def _cause(error: Exception) -> BaseException:
    reason = getattr(error, "reason", None)
    return reason if isinstance(reason, BaseException) else error


def _in_words(error: Exception, limits: LinkCheckLimits) -> str:
    """Describe a failure in words of our own: what a server sends is not printed."""
    cause = _cause(error)
    words: dict[type[BaseException], Callable[[], str]] = {
        PrivateAddressError: lambda: "it leads into a private network, and is not opened",
        TimeoutError: lambda: f"no answer within {limits.timeout_s:g} s",
        ConnectionError: lambda: "the connection was refused or cut",
        ssl.SSLError: lambda: "no secure connection could be made",
        http.client.HTTPException: lambda: "the answer is not that of a web server",
        ValueError: lambda: "it is not an address that can be requested",
    }
    for kind, describe in words.items():
        if isinstance(cause, kind):
            return describe()
    return "the host was not found" if "gai" in type(cause).__name__ else "no connection could be made"


def _phrase(code: int) -> str:
    try:
        return HTTPStatus(code).phrase
    except ValueError:
        return "of the server's own making"
