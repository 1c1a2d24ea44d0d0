"""Runs one of Swift's servers with a swift.conf of our own, because its programs read only the one below /etc.

usage: swift-server.py KIND CONFIGURATION-FILE        KIND: proxy, account, container or object
"""
import os
import sys

from swift.common import utils

kind, configuration = sys.argv[1:]
utils.set_swift_dir(os.path.dirname(configuration))

from swift.common.wsgi import run_wsgi  # noqa: E402 - reads swift.conf

options = {}
if kind == 'object':
    from swift.obj import server
    options['global_conf_callback'] = server.global_conf_callback
sys.exit(run_wsgi(configuration, kind + '-server', **options))
