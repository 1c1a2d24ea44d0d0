"""Copies the entry of one object in a bucket's index of the RADOS gateway for all other keys of bench/s3/fill.sh.

usage: fill-ceph.py CONFIGURATION-FILE POOL BUCKET-ID SHARDS WITNESSES KEYS

The index is the omaps of so many RADOS objects; an entry stands in one of them by the hash of its key, and begins with the key's length
and the key. The keys below WITNESSES were put by request: each must be where this program would put it.
"""
import struct
import sys

import rados

BATCH = 1000


def key_of(number):
    return '%06d/%06d' % (number // 1000, number)


def shard_of(key, shards):
    """The gateway's choice: Linux's hash for names, its lowest byte mixed into the highest, modulo a prime and the shards."""
    number = 0
    for byte in key.encode():
        number = (number + (byte << 4) + (byte >> 4)) * 11 & 0xffffffff
    return (number ^ (number & 0xff) << 24) % 7877 % shards


def named(key):
    return struct.pack('<I', len(key)) + key.encode()


def entry_of(index, name, key):
    with rados.ReadOpCtx() as operation:
        found, _ = index.get_omap_vals_by_keys(operation, (key,))
        index.operate_read_op(operation, name)
        return dict(found).get(key)


def put(index, name, entries):
    with rados.WriteOpCtx() as operation:
        index.set_omap(operation, tuple(entries), tuple(entries.values()))
        index.operate_write_op(operation, name)
    entries.clear()


def main(configuration, pool, bucket, shards, witnesses, keys):
    shards, witnesses, keys = int(shards), int(witnesses), int(keys)
    names = ['.dir.%s.%d' % (bucket, shard) for shard in range(shards)]
    with rados.Rados(conffile=configuration) as cluster, cluster.open_ioctx(pool) as index:
        for number in range(witnesses):
            key = key_of(number)
            if entry_of(index, names[shard_of(key, shards)], key) is None:
                sys.exit('%s is not in shard %d of %d' % (key, shard_of(key, shards), shards))
        first = key_of(0)
        template = entry_of(index, names[shard_of(first, shards)], first)
        if template.count(first.encode()) != 1 or template.count(named(first)) != 1:
            sys.exit('the entry is of another form: %s' % template.hex())
        waiting = [{} for _ in names]
        for number in range(witnesses, keys):
            key = key_of(number)
            if len(key) != len(first):
                sys.exit('%s is longer than %s' % (key, first))
            shard = shard_of(key, shards)
            waiting[shard][key] = template.replace(named(first), named(key))
            if len(waiting[shard]) == BATCH:
                put(index, names[shard], waiting[shard])
        for name, entries in zip(names, waiting):
            if entries:
                put(index, name, entries)
    print('%d entries of %d bytes in %d shards' % (keys - witnesses, len(template), shards))


main(*sys.argv[1:])
