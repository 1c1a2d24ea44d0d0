"""A pytest plugin: writes one line a test to a TSV file and sums up. Used by eng/conformance.sh.

Lines: outcome, area, test, markers, essence. Outcomes: passed, failed, skipped, error (the fixture failed), and not-applicable
for a failed, skipped or broken test that the list of exclusions names. An excluded test that passes counts as passed, unless the list
says that its passing means nothing.
"""

import collections
import fnmatch
import os
import re

# Markers first, then names: the first match is the area of a test.
AREAS = [
    ("bucket logging", "bucket_logging|bucket_logging_cleanup|target_by_bucket", "logging"),
    ("cloud tiers and restore", "cloud_transition|cloud_restore", "restore|read_through|cloud"),
    ("storage classes", "lifecycle_transition|storage_class", "lifecycle_transition"),
    ("lifecycle", "lifecycle|lifecycle_expiration", "lifecycle"),
    ("website", "s3website|s3website_routing_rules|s3website_redirect_location", "website"),
    ("select", "s3select", None),
    ("notifications", "sns", None),
    ("IAM and STS", "iam_account|iam_tenant|iam_user|iam_role|iam_cross_account|group|group_policy|role_policy|user_policy|session_policy"
     "|test_of_sts|webidentity_test|abac_test|token_claims_trust_policy_test", "_oidc$"),
    ("encryption", "encryption|sse_s3|bucket_encryption", "sse|enc_|encrypted|copy_enc|copy_part_enc"),
    ("object lock", "object_lock", "object_lock"),
    ("signature version 2", "auth_aws2", "_v2$|_aws2"),
    ("ownership", "object_ownership", "ownership|owner_enforced|owner_preferred"),
    ("conditional writes", "conditional_write", "conditional|put_object_if(non)?(e)?match|^test_put_object_ifn"),
    ("post forms", None, "post_object"),
    ("checksums", "checksum", "checksum|cksum|object_attributes"),
    ("cors", None, "cors"),
    ("public access block", None, "public_block|block_public|ignore_public|policy_status"),
    ("policy", "bucket_policy", "policy"),
    ("tagging", "tagging", "_tags|tagging"),
    ("versioning", "versioning|delete_marker", "version|delete_marker"),
    ("multipart", None, "multipart|upload_part"),
    ("copy", "copy", "copy"),
    ("delete many", None, "multi_object|delete_objects"),
    ("listing", "list_objects_v2", "bucket_list_|listv2|bucket_listv2"),
    ("acl", None, "acl|access_bucket|anon_put|raw_"),
    ("conditional reads", None, "get_object_if"),
    ("ranges", None, "ranged"),
    ("buckets", None, "bucket"),
    ("headers", "auth_common", None),
    ("objects", None, ""),
]

# In the list of exclusions: also when the test passes.
WHATEVER = "*"

CORE_FILES = ("test_s3.py", "test_headers.py")
CORE_EXCLUDED = {
    "lifecycle", "lifecycle_expiration", "lifecycle_transition", "cloud_transition", "cloud_restore", "s3select", "sns",
    "bucket_logging", "s3website", "iam_account",
}


def area_of(name, markers):
    for area, by_marker, by_name in AREAS:
        if by_marker is not None and markers & set(by_marker.split("|")):
            return area
        if by_name is not None and re.search(by_name, name):
            return area
    return "objects"


def essence_of(report):
    """The test's line and its outcome, short enough for a table."""
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is None:
        text = str(report.longrepr).strip().splitlines()
        return text[-1][:300] if text else ""
    message = " ".join(crash.message.split())
    line = ""
    for entry in getattr(report.longrepr, "reprtraceback").reprentries:
        location = getattr(entry, "reprfileloc", None)
        if location is not None and "functional" in location.path:
            code = next((l[1:].strip() for l in entry.lines if l.startswith(">")), "")
            line = f"{os.path.basename(location.path)}:{location.lineno} {code} "
    return (line + "=> " + message.split(" where ")[0])[:400]


class Results:
    def __init__(self, path, exclusions):
        self.path = path
        self.exclusions = exclusions
        self.tests = {}

    def markers_of(self, report):
        return {key for key in report.keywords if key in self.known}

    def pytest_configure(self, config):
        self.known = {line.split(":")[0].split("(")[0].strip() for line in config.getini("markers")}

    def pytest_runtest_logreport(self, report):
        test = self.tests.setdefault(report.nodeid, {"outcome": "passed", "essence": "", "markers": self.markers_of(report)})
        if report.failed:
            test["outcome"] = "failed" if report.when == "call" else "error"
            test["essence"] = essence_of(report)
        elif report.skipped and test["outcome"] == "passed":
            test["outcome"] = "skipped"
            test["essence"] = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)[:200]
        # Makes the results of a long run readable before its end.
        if report.when == "teardown" and len(self.tests) % 25 == 0:
            self.write()

    def reason_for(self, name, area, outcome, essence):
        for pattern, reason, got in self.exclusions:
            fits = fnmatch.fnmatchcase(name, pattern) or pattern == "area:" + area
            if fits and (got == WHATEVER or outcome != "passed" and got in essence):
                return reason
        return None

    def pytest_sessionfinish(self):
        self.write()

    def write(self):
        with open(self.path, "w", encoding="utf-8") as file:
            file.write("outcome\tarea\tcore\ttest\tmarkers\tessence\n")
            for nodeid, test in sorted(self.tests.items()):
                path, _, name = nodeid.partition("::")
                area = area_of(name, test["markers"])
                outcome, essence = test["outcome"], test["essence"]
                reason = self.reason_for(name, area, outcome, essence)
                if reason is not None:
                    outcome, essence = "not-applicable", reason + " | " + essence
                core = os.path.basename(path) in CORE_FILES and not test["markers"] & CORE_EXCLUDED
                columns = [outcome, area, "core" if core else "", os.path.basename(path) + "::" + name,
                           ",".join(sorted(test["markers"])), essence]
                file.write("\t".join(column.replace("\t", " ").replace("\n", " ") for column in columns) + "\n")


def read_exclusions(path):
    with open(path, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file if line.strip() and not line.startswith("#")]
    return [(row[0], row[1], row[2] if len(row) > 2 else "") for row in rows]


def pytest_configure(config):
    if hasattr(config, "workerinput"):
        return
    plugin = Results(os.environ["CONFORMANCE_RESULTS"], read_exclusions(os.environ["CONFORMANCE_EXCLUSIONS"]))
    config.pluginmanager.register(plugin, "conformance-results")
    plugin.pytest_configure(config)


def summarise(paths):
    """Prints counts over the whole suite, over its core, and by area; several files are one run."""
    rows = {}
    for path in paths:
        with open(path, encoding="utf-8") as file:
            for row in list(file)[1:]:
                outcome, area, core, test, _, essence = row.rstrip("\n").split("\t")
                rows[test] = (outcome, area, core, essence)
    outcomes = ["passed", "failed", "error", "skipped", "not-applicable"]

    def line(title, chosen):
        counts = collections.Counter(row[0] for row in chosen)
        return f"{title:<28}" + "".join(f"{counts[o]:>16}" for o in outcomes) + f"{len(chosen):>8}"

    print(f"{'':<28}" + "".join(f"{o:>16}" for o in outcomes) + f"{'all':>8}")
    print(line("whole suite", list(rows.values())))
    print(line("core", [row for row in rows.values() if row[2]]))
    print()
    for area in [a[0] for a in AREAS]:
        chosen = [row for row in rows.values() if row[1] == area]
        if chosen:
            print(line(area, chosen))


if __name__ == "__main__":
    import sys
    summarise(sys.argv[1:])
