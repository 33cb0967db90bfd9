"""draw_web_page.py LIGHT DARK: pictures of the web page while a burn writes."""

import os
import sys

sys.path[:0] = [os.path.join(os.getcwd(), "tests/web"), os.path.join(os.getcwd(), "tests/testing")]
from browser import Browser  # noqa: E402  pylint: disable=wrong-import-position
from busy_robot import BusyRobot  # noqa: E402  pylint: disable=wrong-import-position

_WRITING = """new Promise((resolve) => {
  const look = () => document.querySelector("progress")?.value > 10 ? resolve() : setTimeout(look, 100);
  look();
})"""


def main(light, dark):
    with BusyRobot(time_scale=2) as server:
        server.start()
        server.refuse()
        server.start_burn(size=600 << 20)
        with Browser(width=1180, height=700) as browser:
            browser.open("http://%s/" % server.http)
            browser.evaluate(_WRITING)
            browser.picture(light)
            browser.prefer("dark")
            browser.picture(dark)


if __name__ == "__main__":
    main(*sys.argv[1:])
