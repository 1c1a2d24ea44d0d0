"""A plug-in for pytest: adds an API key to the requests of the suite, and writes the outcome of every test."""

import os


def pytest_collection_finish(session):
    for module in {item.module for item in session.items}:
        send = module.http_request

        def send_with_key(method, url, headers=None, *args, send=send, **kwargs):
            return send(method, url, {**(headers or {}), "X-Api-Key": os.environ["CONFORMITY_KEY"]}, *args, **kwargs)

        module.http_request = send_with_key


def pytest_runtest_logreport(report):
    # A test is skipped in its call or before.
    if report.when == "call" or report.skipped:
        reason = report.longrepr.reprcrash.message.splitlines()[0] if report.failed and hasattr(report.longrepr, "reprcrash") else ""
        with open(os.environ["CONFORMITY_RESULTS"], "a", encoding="utf-8") as results:
            results.write(f"{report.nodeid.split('::')[-1]}\t{report.outcome}\t{reason}\n")
