"""What the tests of grading for Python share: gradings by `phial grade`, in sandboxes without a server. They need root."""

import json
import os
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TREE = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
PHIAL = os.environ.get("PHIAL", os.path.join(TREE, "build/src/cli/phial"))
LANGUAGES = os.environ.get("PHIAL_LANGUAGES", os.path.join(TREE, "languages"))
IMAGES = os.environ.get("PHIAL_IMAGES", "/var/lib/phial/images")
PATIENCE = 120  # seconds; a bound for what hangs, never a measure


class Answer:
    def __init__(self, answer):
        self.answer, self.verdict, self.judged = answer, answer["verdict"], answer["judged"]
        self.tests = {test["name"].partition(" ")[0]: test for test in answer["tests"]}
        self.rules = [(rule["kind"], rule["rule"], rule.get("line")) for rule in answer["rules"]]
        self.statuses = {name: test["status"] for name, test in self.tests.items()}

    def __str__(self):
        return json.dumps(self.answer, indent=1)


def grade(solution, tests, hidden=None, wall="20s", support=None, rules=(), expect=None):
    """Each is a text or {name: text}; rules are [(forbid or require, word)], what is expected a list of cases."""
    parts = {"--test": tests, "--hidden": hidden, "--support": support, None: solution}
    with tempfile.TemporaryDirectory(prefix="phial-grade-") as folder:
        command = [PHIAL, "grade", "--local", "--json", "--limit", f"wall={wall}", "--set", f"images_dir={IMAGES}",
                   "--set", f"languages_dir={LANGUAGES}", "--language", "python"]  # fmt: skip
        for option, files in parts.items():
            default = {"--test": "test_solution.py", "--hidden": "test_hidden.py", None: "solution.py"}.get(option)
            for name, text in ({default: files} if isinstance(files, str) else files or {}).items():
                path = os.path.join(folder, name)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w") as file:
                    file.write(text)
                command += [option, f"{name}={path}"] if option else [f"{name}={path}"]
        for kind, word in rules:
            command += [f"--{kind}={word}"]
        if expect is not None:
            with open(os.path.join(folder, "expect.json"), "w") as file:
                json.dump(expect, file)
            command += ["--expect", file.name]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE)
    if not done.stdout:
        raise AssertionError(f"no answer: {done.stderr.decode()}")
    return Answer(json.loads(done.stdout))
