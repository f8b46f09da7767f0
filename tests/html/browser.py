"""Headless Chromium over the DevTools pipe: Chrome DevTools Protocol messages that end in a zero byte."""

import base64
import fcntl
import json
import os
import select
import shutil
import tempfile
import time

BINARY = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
]


class Browser:
    """One browser with a profile of its own; close() ends both. An answer takes at most `deadline_s`."""

    def __init__(self, deadline_s=60):
        self._deadline_s = deadline_s
        self._profile = tempfile.mkdtemp(prefix="monolens-chromium-")
        self._pending, self._events, self._next_id = b"", [], 0
        its_in, self._out = os.pipe()
        self._in, its_out = os.pipe()
        # Moved out of the way, so that making one of them descriptor 3 or 4 can't overwrite another.
        its_in, its_out = (self._move_up(fd) for fd in (its_in, its_out))
        self._out, self._in = (self._move_up(fd) for fd in (self._out, self._in))
        quiet = os.open(os.devnull, os.O_RDWR)
        self._pid = os.posix_spawn(
            BINARY,
            [BINARY, *FLAGS, f"--user-data-dir={self._profile}", "about:blank"],
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, quiet, 1),
                (os.POSIX_SPAWN_DUP2, quiet, 2),
                (os.POSIX_SPAWN_DUP2, its_in, 3),
                (os.POSIX_SPAWN_DUP2, its_out, 4),
            ],
        )
        for fd in (its_in, its_out, quiet):
            os.close(fd)

    @staticmethod
    def _move_up(fd):
        moved = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 10)
        os.close(fd)
        return moved

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        try:
            self.call("Browser.close")
        finally:
            os.close(self._in)
            os.close(self._out)
            os.waitpid(self._pid, 0)
            shutil.rmtree(self._profile, ignore_errors=True)

    def call(self, method, session=None, **params):
        """Sends a command and returns its result; events that arrive meanwhile are kept for events()."""
        self._next_id += 1
        message = {"id": self._next_id, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive(method)
            if answer.get("id") == self._next_id:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self._events.append(answer)

    def wait(self, method, session):
        """Returns the parameters of the next event of that name, which may have arrived already."""
        while True:
            for event in self._events:
                if event.get("method") == method and event.get("sessionId") == session:
                    self._events.remove(event)
                    return event["params"]
            self._events.append(self._receive(method))

    def events(self, method, session):
        return [
            e["params"] for e in self._events if e.get("method") == method and e.get("sessionId") == session
        ]

    def _receive(self, waiting_for):
        end = time.monotonic() + self._deadline_s
        while b"\0" not in self._pending:
            if not select.select([self._in], [], [], max(0, end - time.monotonic()))[0]:
                raise TimeoutError(f"Chromium did not answer to {waiting_for}")
            chunk = os.read(self._in, 1 << 20)
            if not chunk:
                raise EOFError(f"Chromium ended before it answered to {waiting_for}")
            self._pending += chunk
        message, self._pending = self._pending.split(b"\0", 1)
        return json.loads(message)


class Page:
    """A page at a size and a colour scheme ('light' or 'dark'). Scripts run in it with `js`."""

    def __init__(self, browser, path, width=1280, height=900, scheme="light", media=""):
        self._browser = browser
        self._target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = browser.call("Target.attachToTarget", targetId=self._target, flatten=True)[
            "sessionId"
        ]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        self.call(
            "Emulation.setEmulatedMedia",
            media=media,
            features=[
                {"name": "prefers-color-scheme", "value": scheme},
                {"name": "prefers-reduced-motion", "value": "reduce"},
            ],
        )
        self.call("Page.navigate", url="file://" + os.path.abspath(path))
        browser.wait("Page.loadEventFired", self._session)
        self.js("Promise.all([...document.images].map((i) => i.decode().catch(() => null)))")

    def close(self):
        self._browser.call("Target.closeTarget", targetId=self._target)

    def call(self, method, **params):
        return self._browser.call(method, self._session, **params)

    def js(self, expression):
        """The expression's value, awaited. Raises what the script throws."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(
                answer["exceptionDetails"].get("exception", {}).get("description", "script error")
            )
        return answer["result"].get("value")

    def key(self, key):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key)

    def move_to(self, x, y):
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def complaints(self):
        """Everything that the page wrote to the console or threw, and what its policy blocked."""
        events = self._browser.events
        said = [e["entry"]["text"] for e in events("Log.entryAdded", self._session)]
        said += [str(e["args"]) for e in events("Runtime.consoleAPICalled", self._session)]
        return said + [
            e["exceptionDetails"]["text"] for e in events("Runtime.exceptionThrown", self._session)
        ]

    def requests(self):
        """The addresses that the page asked for, data: left out."""
        urls = [e["request"]["url"] for e in self._browser.events("Network.requestWillBeSent", self._session)]
        return [url for url in urls if not url.startswith("data:")]

    def screenshot(self):
        """The page as it is seen, as PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot")["data"])
