"""What a user of boto3 does, with its default settings. Arguments: bucket, folder to upload, folder to download to."""

import concurrent.futures
import hashlib
import http.client
import os
import sys
import urllib.error
import urllib.parse
import urllib.request

import boto3
from botocore.config import Config

BUCKET, SOURCE, TARGET = sys.argv[1:]
# Its presigned URLs have signature version 2.
s3 = boto3.client("s3", endpoint_url=os.environ["S3_ENDPOINT"], config=Config(max_pool_connections=16))
s3v4 = boto3.client("s3", endpoint_url=os.environ["S3_ENDPOINT"], config=Config(signature_version="s3v4"))


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


def presigned(signer, mark):
    # Version 2 signs the type, and urllib sends one of its own unless it is set.
    parameters = {"Bucket": BUCKET, "Key": "presigned ü"}
    put = signer.generate_presigned_url("put_object", Params={**parameters, "ContentType": "text/plain"}, ExpiresIn=300)
    expect("the signature of %s" % put, mark in put, True)
    request = urllib.request.Request(put, data=b"by url", method="PUT", headers={"Content-Type": "text/plain"})
    with urllib.request.urlopen(request) as response:
        expect("the status of a presigned PUT", response.status, 200)
    get = signer.generate_presigned_url("get_object", Params={**parameters, "ResponseContentDisposition": "inline; a=\"b +&c\""},
                                        ExpiresIn=300)
    with urllib.request.urlopen(get) as response:
        expect("what a presigned GET brings", response.read(), b"by url")
        expect("its type", response.headers["Content-Type"], "text/plain")
        expect("its disposition", response.headers["Content-Disposition"], "inline; a=\"b +&c\"")
    for tampered in (get.replace("presigned", "presignet"), get + "&acl", get.replace("inline", "attach")):
        try:
            urllib.request.urlopen(tampered)
            sys.exit("boto3: a tampered URL is accepted: " + tampered)
        except urllib.error.HTTPError as error:
            expect("the status of a tampered URL", error.code, 403)


def presigned_with_metadata():
    """The headers of version 2 move to the query, and are not sent."""
    put = s3.generate_presigned_url("put_object", Params={
        "Bucket": BUCKET, "Key": "moved", "ContentType": "text/x-moved", "ACL": "public-read", "Metadata": {"colour": "blue & green"}})
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(put).netloc)
    connection.request("PUT", put[put.index("/", 8):], body=b"moved")
    expect("the status of a PUT without headers", connection.getresponse().status, 200)
    head = s3.head_object(Bucket=BUCKET, Key="moved")
    expect("the type in the query", head["ContentType"], "text/x-moved")
    expect("the metadata in the query", head["Metadata"], {"colour": "blue & green"})


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
presigned(s3, "AWSAccessKeyId=")
presigned(s3v4, "X-Amz-Signature=")
presigned_with_metadata()
delete_all()
synchronise()
large = max(s3.list_objects_v2(Bucket=BUCKET)["Contents"], key=lambda entry: entry["Size"])
expect("whether the large object came in parts", "-" in large["ETag"], True)
s3.copy({"Bucket": BUCKET, "Key": large["Key"]}, BUCKET, "copy of the large one")
expect("the size of its copy", s3.head_object(Bucket=BUCKET, Key="copy of the large one")["ContentLength"], large["Size"])
delete_all()
s3.delete_bucket(Bucket=BUCKET)
