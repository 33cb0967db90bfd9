"""Chromium without a window, spoken to over two pipes (the DevTools protocol): no port, no library."""

import base64
import json
import os
import subprocess
import tempfile

_FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
          "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-pipe")


class Browser:
    """One tab. A context manager. What the page asks for and what goes wrong in it is kept: `requests`, `complaints`."""

    def __init__(self, width=1280, height=900, script=True):
        self._size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self._script = script
        self.requests, self.complaints = [], []
        self._next, self._session = 0, None

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR"))
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()

        def pipes():  # it reads from 3 and writes to 4
            first, second = os.dup(theirs_in), os.dup(theirs_out)
            os.dup2(first, 3)
            os.dup2(second, 4)
        environment = {**os.environ, "HOME": self._folder.name, "XDG_CONFIG_HOME": self._folder.name, "XDG_CACHE_HOME": self._folder.name}
        self._process = subprocess.Popen(["chromium", *_FLAGS, "--user-data-dir=" + self._folder.name, "about:blank"], preexec_fn=pipes,
                                         close_fds=False, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)
        self._reader = os.fdopen(self._in, "rb")
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self._call(domain + ".enable")
        self._call("Emulation.setDeviceMetricsOverride", **self._size)
        self._call("Emulation.setScriptExecutionDisabled", value=not self._script)
        self.prefer("light")
        return self

    def __exit__(self, *unused):
        self._process.kill()
        self._process.wait()
        os.close(self._out)
        self._reader.close()
        self._folder.cleanup()

    def _message(self):
        text = b""
        while not text.endswith(b"\0"):
            byte = self._reader.read(1)
            if not byte:
                raise RuntimeError("the browser has ended")
            text += byte
        return json.loads(text[:-1])

    def _note(self, message):
        kind, parameters = message.get("method"), message.get("params", {})
        if kind == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])
        elif kind == "Runtime.exceptionThrown":
            self.complaints.append(parameters["exceptionDetails"]["text"])
        elif kind == "Log.entryAdded" and parameters["entry"]["level"] == "error":
            self.complaints.append(parameters["entry"]["text"])

    def _call(self, method, **parameters):
        self._next += 1
        request = {"id": self._next, "method": method, "params": parameters}
        if self._session is not None:
            request["sessionId"] = self._session
        os.write(self._out, json.dumps(request).encode() + b"\0")
        while True:
            message = self._message()
            self._note(message)
            if message.get("id") == self._next:
                if "error" in message:
                    raise RuntimeError("%s: %s" % (method, message["error"]["message"]))
                return message["result"]

    def open(self, url):
        """Loads a page, until it has loaded."""
        self._call("Page.navigate", url=url)
        while True:
            message = self._message()
            self._note(message)
            if message.get("method") == "Page.loadEventFired":
                return

    def prefer(self, scheme):
        """The person's choice: light or dark."""
        self._call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def text(self):
        """What a person reads. The page's scripts may be off: this is not one of them."""
        root = self._call("DOM.getDocument", depth=-1, pierce=True)["root"]
        return _text_of(root)

    def evaluate(self, expression):
        """The value of an expression in the page, also of one that is to come (a Promise)."""
        done = self._call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in done:
            raise RuntimeError(str(done["exceptionDetails"]))
        return done["result"].get("value")

    def picture(self, path):
        """The whole page as PNG."""
        size = self._call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        data = self._call("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))


def _text_of(node):
    if node["nodeName"] in ("SCRIPT", "STYLE", "NOSCRIPT"):
        return ""
    own = node.get("nodeValue", "") if node["nodeName"] == "#text" else ""
    return own + " ".join(_text_of(child) for child in node.get("children", ()))
