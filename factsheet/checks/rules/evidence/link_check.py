"""Check that web addresses answer. Nothing here runs unless the user asked for the network.

A sheet may come from a stranger, and a check may run inside a company's network. A host is therefore looked up first,
and only the addresses that were found are connected to: no second look-up can give others. Where one of them is private
or local nothing is connected to, at no step of a redirection, and the finding is the same whether or not something
listens there. Nothing of an answer is read but its status.
"""

from __future__ import annotations

import http.client
import queue
import socket
import ssl
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import suppress
from http import HTTPStatus
from ipaddress import IPv4Address, ip_address, ip_network
from typing import TYPE_CHECKING, Any, NamedTuple

from factsheet._version import __version__
from factsheet.errors import PrivateAddressError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from http.client import HTTPMessage
    from ipaddress import IPv6Address
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
    asked = _Asked(addresses, limits)
    for _ in range(max(1, min(limits.parallel, len(addresses)))):
        asked.start_worker()
    found: dict[str, str | None] = {}
    waiting = dict.fromkeys(addresses)
    while waiting:
        try:
            address, fault = asked.answers.get(timeout=_TURN_S)
        except queue.Empty:
            for address in asked.overdue(waiting):
                del waiting[address]
                found[address] = _late(limits)
                asked.start_worker()  # in the place of one that is held up, so that the rest is asked all the same
        else:
            if address in waiting:
                del waiting[address]
                found[address] = fault
    return {address: fault for address in addresses if (fault := found[address]) is not None}


class _Asked:
    """Addresses that are asked for by several workers, and what became of each."""

    def __init__(self, addresses: Mapping[str, bool], limits: LinkCheckLimits) -> None:
        self.addresses, self.limits = addresses, limits
        self.answers: queue.SimpleQueue[tuple[str, str | None]] = queue.SimpleQueue()
        self._tasks: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._begun: dict[str, float] = {}
        for address in addresses:
            self._tasks.put(address)

    def start_worker(self) -> None:
        # As a daemon it cannot hold up the program: a server may send its answer one byte at a time.
        threading.Thread(target=self._work, daemon=True).start()

    def overdue(self, waiting: Iterable[str]) -> list[str]:
        """Return those that were begun longer ago than two requests may take."""
        latest = time.monotonic() - 2 * self.limits.timeout_s - 1
        return [address for address in waiting if self._begun.get(address, latest) < latest]

    def _work(self) -> None:
        while True:
            try:
                address = self._tasks.get_nowait()
            except queue.Empty:
                return
            self._begun[address] = time.monotonic()
            try:
                fault = _request(address, self.limits, follow=self.addresses[address])
            except Exception:  # noqa: BLE001  whatever an odd address makes a library raise: others are to be asked
                fault = _NO_ADDRESS
            self.answers.put((address, fault))


_TURN_S = 0.05
_NO_ADDRESS = "it is not an address that can be requested"


def _late(limits: LinkCheckLimits) -> str:
    return f"no answer within {limits.timeout_s:g} s"


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
            return _late(limits)
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
    """A connection to one of the public addresses that a host has; to none where one of them is private."""

    def connect(self) -> None:
        error: OSError | None = None
        for family, kind, protocol, address in _public_addresses(self.host, self.port):
            self.sock = socket.socket(family, kind, protocol)
            try:
                self.sock.settimeout(self.timeout)
                self.sock.connect(address)
            except OSError as failed:
                self.sock.close()
                error = failed
            else:
                return
        raise error or OSError


class _SecureConnection(http.client.HTTPSConnection, _Connection):
    """The same under TLS."""


def _public_addresses(host: str, port: int) -> list[tuple[int, int, int, tuple[Any, ...]]]:
    """Return the addresses of a host, for connections.

    Raises:
        PrivateAddressError: one of them is private. A name that has others beside it is meant to get past a check.
        OSError: it has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for *_, address in found:
        if _is_private(str(address[0])):
            raise PrivateAddressError(host)
    return [(family, kind, protocol, address) for family, kind, protocol, _, address in found]


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
    if limits.allow_private:
        return False
    if parts.scheme in urllib.request.getproxies() and not urllib.request.proxy_bypass(host):
        with suppress(socket.gaierror):  # a name that only the proxy knows is looked up by the proxy
            _public_addresses(host, 0)
        return False
    return True


def _refuse_literal(host: str | None, limits: LinkCheckLimits) -> None:
    if limits.allow_private or host is None:
        return
    if f".{host.lower().rstrip('.')}".endswith((".localhost", ".local", ".internal")) or _is_private(host):
        raise PrivateAddressError(host)


def _is_private(host: str) -> bool:
    """Return whether a numeric address is one that the public network does not reach; names are not judged here."""
    try:
        address = ip_address(host.partition("%")[0].strip("[]"))
    except ValueError:
        return False
    return any(not one.is_global or one.is_multicast for one in (address, *_embedded(address)))


_TRANSLATED = ip_network("64:ff9b::/96")
"""IPv4 by way of a translator (RFC 6052); `::/96` is IPv4 as it was first written in IPv6 (RFC 4291, 2.5.5.1)."""
_COMPATIBLE = ip_network("::/96")


def _embedded(address: IPv4Address | IPv6Address) -> Iterator[IPv4Address]:
    """Yield the addresses of IPv4 that one of IPv6 leads to."""
    if isinstance(address, IPv4Address):
        return
    if address in _TRANSLATED or address in _COMPATIBLE:
        yield IPv4Address(int(address) & 0xFFFFFFFF)
    yield from (
        one for one in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())) if one is not None
    )


def _cause(error: Exception) -> BaseException:
    reason = getattr(error, "reason", None)
    return reason if isinstance(reason, BaseException) else error


def _in_words(error: Exception, limits: LinkCheckLimits) -> str:
    """Describe a failure in words of our own: what a server sends is not printed."""
    cause = _cause(error)
    words: dict[type[BaseException], Callable[[], str]] = {
        PrivateAddressError: lambda: "it leads into a private network, and is not opened",
        TimeoutError: lambda: _late(limits),
        ConnectionError: lambda: "the connection was refused or cut",
        ssl.SSLError: lambda: "no secure connection could be made",
        http.client.HTTPException: lambda: "the answer is not that of a web server",
        ValueError: lambda: _NO_ADDRESS,
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
