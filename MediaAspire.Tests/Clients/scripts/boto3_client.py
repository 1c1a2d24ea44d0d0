"""What a user of boto3 does, with its default settings. Arguments: bucket, folder to upload, folder to download to."""

import concurrent.futures
import hashlib
import os
import sys
import urllib.error
import urllib.request

import boto3
from botocore.config import Config

BUCKET, SOURCE, TARGET = sys.argv[1:]
# Presigned URLs are of signature version 2 in this release unless it is told otherwise.
s3 = boto3.client("s3", endpoint_url=os.environ["S3_ENDPOINT"], config=Config(signature_version="s3v4", max_pool_connections=16))


def expect(what, found, wanted):
    if found == wanted:
        return
    if isinstance(wanted, list):
        # Of a thousand keys only those that make the difference, or the first that is in another place.
        pair = next(((f, w) for f, w in zip(found, wanted) if f != w), None)
        sys.exit(f"boto3: {what} has {set(found) - set(wanted)} too many, {set(wanted) - set(found)} too few; first out of order: {pair}")
    sys.exit(f"boto3: {what} is {found!r} where {wanted!r} was expected")


def body_of(key):
    return s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()


def keys():
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
    return sorted(entry["Key"] for page in pages for entry in page.get("Contents", []))


def single_objects():
    s3.create_bucket(Bucket=BUCKET)
    expect("an empty bucket's list", keys(), [])
    put = s3.put_object(Bucket=BUCKET, Key="a b+ü.txt", Body=b"hello", ContentType="text/plain", Metadata={"colour": "blue"})
    expect("the ETag of a put", put["ETag"], '"%s"' % hashlib.md5(b"hello").hexdigest())
    got = s3.get_object(Bucket=BUCKET, Key="a b+ü.txt")
    expect("the body", got["Body"].read(), b"hello")
    expect("the content type", got["ContentType"], "text/plain")
    expect("the metadata", got["Metadata"], {"colour": "blue"})
    expect("a range", s3.get_object(Bucket=BUCKET, Key="a b+ü.txt", Range="bytes=1-3")["Body"].read(), b"ell")
    s3.copy_object(Bucket=BUCKET, Key="copy & more", CopySource={"Bucket": BUCKET, "Key": "a b+ü.txt"})
    expect("the copy", body_of("copy & more"), b"hello")
    expect("the list", keys(), ["a b+ü.txt", "copy & more"])


def presigned():
    parameters = {"Bucket": BUCKET, "Key": "presigned ü"}
    put = s3.generate_presigned_url("put_object", Params=parameters, ExpiresIn=300)
    with urllib.request.urlopen(urllib.request.Request(put, data=b"by url", method="PUT")) as response:
        expect("the status of a presigned PUT", response.status, 200)
    get = s3.generate_presigned_url("get_object", Params=parameters, ExpiresIn=300)
    with urllib.request.urlopen(get) as response:
        expect("what a presigned GET brings", response.read(), b"by url")
    try:
        urllib.request.urlopen(get.replace("presigned", "presignet"))
        sys.exit("boto3: a presigned URL serves another key")
    except urllib.error.HTTPError as error:
        expect("the status of a tampered URL", error.code, 403)


def delete_all():
    for start in range(0, len(listed := keys()), 1000):
        answer = s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": key} for key in listed[start:start + 1000]], "Quiet": True})
        expect("the errors of a deletion", answer.get("Errors", []), [])
    expect("the list after deletion", keys(), [])


def synchronise():
    local = sorted(os.path.relpath(os.path.join(folder, name), SOURCE) for folder, _, names in os.walk(SOURCE) for name in names)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda key: s3.upload_file(os.path.join(SOURCE, key), BUCKET, key), local))
        # Listings are in the order of the bytes of UTF-8, which is that of the characters in Python.
        expect("the list after the upload", keys(), local)

        def download(key):
            path = os.path.join(TARGET, key)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            s3.download_file(BUCKET, key, path)

        list(pool.map(download, keys()))


single_objects()
presigned()
delete_all()
synchronise()
large = max(s3.list_objects_v2(Bucket=BUCKET)["Contents"], key=lambda entry: entry["Size"])
expect("whether the large object came in parts", "-" in large["ETag"], True)
s3.copy({"Bucket": BUCKET, "Key": large["Key"]}, BUCKET, "copy of the large one")
expect("the size of its copy", s3.head_object(Bucket=BUCKET, Key="copy of the large one")["ContentLength"], large["Size"])
delete_all()
s3.delete_bucket(Bucket=BUCKET)
