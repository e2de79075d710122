"""Who may see the pages: this computer's browser with the token, and nobody else."""

import http.client
import socket
from urllib.parse import parse_qs, urlsplit

import pytest

from browser.conftest import serving


class NoBlock:
    def follow(self, hub):
        hub.lost("No block here")


@pytest.fixture(scope="module")
def address(trained):
    with serving(trained, NoBlock()) as address:
        yield address


@pytest.fixture
def ask(address):
    """Send a request; gives status, headers and body."""

    def ask(path="/", method="GET", **headers):
        host = urlsplit(address).netloc
        connection = http.client.HTTPConnection(host, timeout=10)
        sent = {"Host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}
        connection.request(method, path, headers=sent)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode() if path != "/events" else ""

    return ask


@pytest.fixture
def cookie(ask, address):
    status, headers, _ = ask(f"/?{urlsplit(address).query}")
    assert (status, headers["Location"]) == (303, "/")
    attributes = headers["Set-Cookie"].split("; ")
    assert {"HttpOnly", "SameSite=strict"} < set(attributes)
    return attributes[0]


PAGES = ["/", "/events", "/sessions", "/sessions/1", "/report", "/live.js", "/pages.css", "/none"]


@pytest.mark.parametrize("path", PAGES)
def test_without_token_or_cookie_there_is_nothing(ask, path):
    assert ask(path)[0] == 403
    assert ask(path + "?token=wrong")[0] == 403
    assert ask(path, Cookie="pulseblock=x; a=b; ;=")[0] == 403


@pytest.mark.parametrize("path", PAGES[:-1])
def test_with_the_cookie_there_is_everything_and_strict_headers(ask, cookie, path):
    status, headers, _ = ask(path, Cookie=cookie)
    assert status == 200
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in headers
    assert "Server" not in headers


def test_it_listens_at_one_address_of_this_computer_and_at_no_other(address):
    port = urlsplit(address).port
    socket.create_connection(("127.0.0.1", port), timeout=5).close()
    for other in ("127.0.0.2", "::1"):  # which a server that listens everywhere would answer at
        with pytest.raises(OSError):  # noqa: PT011  refused, or there is no such address here
            socket.create_connection((other, port), timeout=5).close()


def test_the_pages_of_two_blocks_are_open_side_by_side(ask, cookie, trained):
    # a browser sends the cookies of one port to the others
    with serving(trained, NoBlock()) as other:
        there = urlsplit(other)
        connection = http.client.HTTPConnection(there.netloc, timeout=10)
        connection.request("GET", f"/?{there.query}", headers={"Host": there.netloc})
        both = {
            one.partition("=")[0]: one for one in (cookie, connection.getresponse().headers["Set-Cookie"])
        }
    assert len(both) == 2
    assert ask(Cookie="; ".join(one.split("; ")[0] for one in both.values()))[0] == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:80", ""]
)
def test_another_name_for_this_computer_is_refused(ask, cookie, host):
    assert ask(Host=host, Cookie=cookie)[0] == 421


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1"])
def test_other_sites_are_refused(ask, cookie, origin):
    assert ask("/events", Origin=origin, Cookie=cookie)[0] == 403
    assert ask(Sec_Fetch_Site="cross-site", Cookie=cookie)[0] == 403
    assert ask(Sec_Fetch_Site="same-site", Cookie=cookie)[0] == 403


def test_the_own_origin_passes(ask, cookie, address):
    own = f"http://{urlsplit(address).netloc}"
    assert ask(Origin=own, Sec_Fetch_Site="same-origin", Cookie=cookie)[0] == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_nothing_can_be_changed(ask, cookie, method):
    assert ask("/sessions", method, Cookie=cookie)[0] == 405


def test_tokens_are_long_and_never_the_same(trained, address):
    with serving(trained, NoBlock()) as other:
        tokens = {parse_qs(urlsplit(one).query)["token"][0] for one in (address, other)}
    assert len(tokens) == 2
    assert min(map(len, tokens)) >= 32


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/sessions/999", "there is no session '999'"),
        ("/sessions/-1", "there is no session '-1'"),
        (f"/sessions/{'9' * 5000}", "there is no session '9999"),
        ("/report?wearer=Nobody", "there is no wearer 'Nobody'"),
        ("/report?since=soon", "'soon' is no date"),
        ("/report?wearer=%00", "cannot hold"),
    ],
)
def test_a_wrong_question_is_answered_in_one_line(ask, cookie, path, said):
    status, headers, body = ask(path, Cookie=cookie)
    assert status == 400
    assert said in body
    assert headers["Content-Type"].startswith("text/plain")


def test_a_redirect_leads_nowhere_else(ask, address):
    query = urlsplit(address).query
    for path in ("//evil.example/", "/\\evil.example", "/%2F/evil.example"):
        status, headers, _ = ask(f"{path}?{query}")
        assert status == 303
        assert urlsplit(headers["Location"]).netloc == ""
        assert headers["Location"].startswith("/")
        assert not headers["Location"].startswith(("//", "/\\"))
