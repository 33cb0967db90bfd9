"""The web page as a browser shows it, with scripts and without."""

import http.client
import os
import sys
import unittest

sys.path[:0] = [os.path.join(os.getcwd(), "tests/web"), os.path.join(os.getcwd(), "tests/testing")]
from browser import Browser  # noqa: E402  pylint: disable=wrong-import-position
from busy_robot import BusyRobot  # noqa: E402  pylint: disable=wrong-import-position


class WebPage(unittest.TestCase):

    def setUp(self):
        self.server = self.enterContext(BusyRobot())
        self.server.start()
        self.url = "http://%s/" % self.server.http

    def test_without_scripts_it_has_the_robot_the_jobs_and_the_failures(self):
        self.server.refuse()
        burn = self.server.start_burn()
        with Browser(script=False) as browser:
            browser.open(self.url)
            text = browser.text()
        # The burn runs, or has ended meanwhile: the page has it in either table.
        for words in ("test", "no problem", "drive0", burn.split("/")[1], "write image", "BDR0001", "BDR0008", "Slots with a disc: 7 of 20",
                      "IMAPI_E_IMPORT_MEDIA_NOT_ALLOWED", "finalized", "load disc", "unload disc"):
            self.assertIn(words, text)
        self.assertEqual(browser.complaints, [])
        self.assertEqual({url for url in browser.requests if not url.startswith(self.url)} - {"about:blank"}, set())

    def test_with_scripts_it_follows_the_robot_without_being_loaded_again(self):
        with Browser() as browser:
            browser.open(self.url)
            browser.evaluate("window.mark = 'the same page'")
            self.assertIn("Nothing runs.", browser.evaluate("document.querySelector('main').innerText"))
            burn = self.server.start_burn()
            seen = browser.evaluate("""new Promise((resolve) => {
              const look = () => {
                const text = document.querySelector('main').innerText;
                if (text.includes('%s')) resolve(text); else setTimeout(look, 100);
              };
              look();
            })""" % burn.split("/")[1])
            self.assertIn("write image", seen)
            self.assertEqual(browser.evaluate("window.mark"), "the same page")
            self.assertEqual(browser.complaints, [])
            self.server.stop()
            lost = browser.evaluate("""new Promise((resolve) => {
              const look = () => {
                const text = document.getElementById('lost').textContent;
                if (text) resolve(text); else setTimeout(look, 100);
              };
              look();
            })""")
            self.assertRegex(lost, r"^not reached since \d\d:\d\d:\d\d$")

    def test_it_is_readable_on_a_telephone_and_by_those_who_do_not_see_it(self):
        with Browser(width=380, height=800) as browser:
            browser.open(self.url)
            self.assertLessEqual(browser.evaluate("document.documentElement.scrollWidth"), 380)
            self.assertEqual(browser.evaluate("document.documentElement.lang"), "en")
            self.assertEqual(browser.evaluate("[...document.querySelectorAll('table')].filter((t) => !t.caption?.textContent).length"), 0)
            self.assertEqual(browser.evaluate("document.querySelectorAll('th:not([scope])').length"), 0)

    def answer(self, method, path):
        host, port = self.server.http.rsplit(":", 1)
        connection = http.client.HTTPConnection(host, int(port), timeout=60)
        self.addCleanup(connection.close)
        connection.request(method, path)
        return connection.getresponse()

    def test_it_is_read_only_and_asks_nobody_else(self):
        page = self.answer("GET", "/")
        self.assertEqual((page.status, page.headers["Content-Type"]), (200, "text/html; charset=utf-8"))
        self.assertIn("default-src 'none'", page.headers["Content-Security-Policy"])
        self.assertEqual(page.headers["X-Content-Type-Options"], "nosniff")
        self.assertNotIn(b"<form", page.read())
        for method in ("POST", "PUT", "DELETE"):
            self.assertEqual(self.answer(method, "/").status, 405)
        self.assertEqual(self.answer("HEAD", "/").read(), b"")
        self.assertEqual(self.answer("GET", "/carousel.css").headers["Content-Type"], "text/css; charset=utf-8")
        self.assertEqual(self.answer("GET", "/nothing").status, 404)


if __name__ == "__main__":
    unittest.main()
