"""Who may see the pages: browsers of this computer that came with the token, and no other site's pages."""

import secrets
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_OWN_SITES = {"same-origin", "none"}


class Guard:
    """Stands before *app*, which listens on loopback at *port*; who gave the *token* once has a cookie.

    A name other than this computer's in ``Host`` is a site that had its name point here (DNS rebinding), an
    ``Origin`` another page that asks through the user's browser: both are refused before the token counts.
    """

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self._app = app
        self._token = token
        self._cookie = f"pulseblock-{port}"  # cookies know no ports: another server's is another one
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self._origins = {f"http://{host}" for host in self._hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on, one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        answer = self._answer(Headers(scope=scope), scope["path"], scope["query_string"]) or self._app

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await answer(scope, receive, send_guarded)

    def _answer(self, headers: Headers, path: str, query: bytes) -> Response | None:
        """The guard's own answer; None for a request that may pass."""
        if headers.get("host") not in self._hosts:
            return PlainTextResponse("This server is for this computer only.\n", 421)
        if headers.get("origin", next(iter(self._origins))) not in self._origins:
            return PlainTextResponse("Not for other sites.\n", 403)
        if headers.get("sec-fetch-site", "none") not in _OWN_SITES:
            return PlainTextResponse("Not for other sites.\n", 403)
        if "token" in (asked := parse_qs(query.decode("latin-1"))):
            return self._welcome(asked["token"][0], path)
        if not self._is_right(self._token_of(headers)):
            return PlainTextResponse(
                "Open the address that 'pulseblock serve' printed, token and all.\n", 403
            )
        return None

    def _welcome(self, token: str, path: str) -> Response:
        if not self._is_right(token):
            return PlainTextResponse("Wrong token: 'pulseblock serve' prints a new one each time.\n", 403)
        # without the token, so that it stays in no history
        answer = RedirectResponse("/" + path.lstrip("/"), 303)
        answer.set_cookie(self._cookie, token, httponly=True, samesite="strict")
        return answer

    def _token_of(self, headers: Headers) -> str:
        try:
            cookies = SimpleCookie(headers.get("cookie", ""))
        except CookieError:
            return ""
        return cookies[self._cookie].value if self._cookie in cookies else ""

    def _is_right(self, token: str) -> bool:
        return secrets.compare_digest(token.encode(), self._token.encode())
