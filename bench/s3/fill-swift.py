"""Copies the row of one object in a container's database of Swift for all other keys of bench/s3/fill.sh, by Swift's own means.

usage: fill-swift.py PREFIX CONTAINER WITNESSES KEYS        PREFIX: the directory with etc/swift.conf and devices
"""
import glob
import os
import sys

from swift.common import utils

BATCH = 10000


def key_of(number):
    return '%06d/%06d' % (number // 1000, number)


def main(prefix, container, witnesses, keys):
    witnesses, keys = int(witnesses), int(keys)
    utils.set_swift_dir(os.path.join(prefix, 'etc'))
    from swift.container.backend import ContainerBroker

    brokers = [ContainerBroker(path) for path in glob.glob(os.path.join(prefix, 'devices/d1/containers/*/*/*/*.db'))]
    broker, = [broker for broker in brokers if broker.get_info()['container'] == container]
    found = broker.get_objects()
    if [row['name'] for row in found] != [key_of(number) for number in range(witnesses)]:
        sys.exit('the container has other rows: %s' % found)
    for first in range(witnesses, keys, BATCH):
        broker.merge_items([dict(found[0], name=key_of(number)) for number in range(first, min(first + BATCH, keys))])
    count = broker.get_info()['object_count']
    if count != keys:
        sys.exit('the container has %d rows' % count)
    print('%d rows like %s' % (keys - witnesses, found[0]))


main(*sys.argv[1:])
