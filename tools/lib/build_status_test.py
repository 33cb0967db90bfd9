"""build_status in trees of each kind."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "build_status")


class BuildStatus(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR"))
        self.addCleanup(folder.cleanup)
        self.tree = os.path.join(folder.name, "tree")
        os.makedirs(os.path.join(self.tree, "tools", "lib"))
        shutil.copy(SCRIPT, os.path.join(self.tree, "tools", "lib"))
        self.environment = {"PATH": os.environ["PATH"], "HOME": folder.name, "GIT_CONFIG_NOSYSTEM": "1"}

    def git(self, *arguments, folder=None):
        return subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@example.org", *arguments],
                              cwd=folder or self.tree, env=self.environment, check=True, capture_output=True, text=True).stdout

    def status(self, **environment):
        return subprocess.run([os.path.join(self.tree, "tools", "lib", "build_status")], cwd="/", check=True,
                              env=dict(self.environment, **environment), capture_output=True, text=True).stdout

    def commit(self, folder=None):
        self.git("init", "-q", folder=folder)
        self.git("add", "-A", folder=folder)
        self.git("commit", "-qm", "first", folder=folder)
        return self.git("rev-parse", "--short=12", "HEAD", folder=folder).strip()

    def test_names_the_commit_and_changes_to_it(self):
        revision = self.commit()
        self.assertEqual(self.status(), "BUILD_SCM_REVISION %s\n" % revision)
        with open(os.path.join(self.tree, "new"), "w", encoding="utf-8"):
            pass
        self.assertEqual(self.status(), "BUILD_SCM_REVISION %s\n" % revision)
        with open(os.path.join(self.tree, "tools", "lib", "build_status"), "a", encoding="utf-8") as stream:
            stream.write("\n")
        self.assertEqual(self.status(), "BUILD_SCM_REVISION %s-dirty\n" % revision)

    def test_a_tree_without_git_has_no_revision(self):
        self.assertEqual(self.status(), "BUILD_SCM_REVISION unknown\n")
        self.assertEqual(self.status(PATH="/nonexistent:" + self.path_without_git()), "BUILD_SCM_REVISION unknown\n")

    def test_the_repository_around_the_tree_is_not_its_own(self):
        self.commit(os.path.dirname(self.tree))
        self.assertEqual(self.status(), "BUILD_SCM_REVISION unknown\n")

    def path_without_git(self):
        """A folder with what the script needs and no git."""
        folder = os.path.join(os.path.dirname(self.tree), "bin")
        os.mkdir(folder)
        for program in ("bash", "dirname"):
            os.symlink(shutil.which(program), os.path.join(folder, program))
        return folder


if __name__ == "__main__":
    sys.exit(unittest.main())
