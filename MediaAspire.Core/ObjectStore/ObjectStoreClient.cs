using System.Globalization;
using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.ObjectStore;

/// <summary>The object store by the S3 protocol.</summary>
public sealed partial class ObjectStoreClient : IObjectStore, IDisposable
{
    private const string ChecksumHeader = "x-amz-checksum-sha256";

    private static readonly Dictionary<string, string> s_noHeaders = [];

    private readonly ObjectStoreConnection _connection;
    private readonly ObjectStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly AmazonS3Client _client;
    private readonly RequestPresigner _presigner;
    private volatile bool _hasBucket;

    public ObjectStoreClient(IOptions<ObjectStoreOptions> options, TimeProvider time, ILogger<ObjectStoreClient>? logger = null)
    {
        _options = options.Value;
        _time = time;
        _logger = logger ?? NullLogger<ObjectStoreClient>.Instance;
        _connection = ObjectStoreConnection.TryParse(_options.ConnectionString, out var connection, out var error)
            ? connection
            : throw new ArgumentException(error, nameof(options));
        _client = CreateClient(_connection.Endpoint);
        _presigner = new RequestPresigner(
            _options.PublicEndpoint is { } address ? new Uri(address) : _connection.Endpoint, _connection);
    }

    /// <inheritdoc/>
    public string Bucket => _connection.Bucket;

    /// <inheritdoc/>
    /// <remarks>After a success, further calls of this process do not ask the store again.</remarks>
    public async Task EnsureBucketAsync(CancellationToken cancellationToken)
    {
        if (_hasBucket)
        {
            return;
        }

        // A process before this one, or beside it, may have created the bucket.
        await TryAsync<object?>(
            async () => await _client.PutBucketAsync(new PutBucketRequest { BucketName = Bucket }, cancellationToken),
            failure => failure.ErrorCode is "BucketAlreadyOwnedByYou" ? (true, null) : default,
            cancellationToken);
        await EnsureNotificationsAsync(cancellationToken);
        _hasBucket = true;
    }

    /// <inheritdoc/>
    public Task<bool> HasBucketAsync(CancellationToken cancellationToken) => TryAsync(
        async () =>
        {
            await _client.HeadBucketAsync(new HeadBucketRequest { BucketName = Bucket }, cancellationToken);
            return true;
        },
        failure => failure.StatusCode == HttpStatusCode.NotFound ? (true, false) : default,
        cancellationToken);

    /// <inheritdoc/>
    public PresignedRequest PresignPut(string key, DeclaredObject declared, TimeSpan? lifetime = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(declared.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(declared.Sha256.Length, 32);

        return Presign("PUT", key, "", lifetime, new Dictionary<string, string>
        {
            ["Content-Length"] = declared.Length.ToString(CultureInfo.InvariantCulture),
            ["Content-Type"] = declared.ContentType,
            [ChecksumHeader] = Convert.ToBase64String(declared.Sha256.Span),
        });
    }

    /// <inheritdoc/>
    public PresignedRequest PresignPart(string key, string uploadId, int partNumber, long length, TimeSpan? lifetime = null) => Presign(
        "PUT",
        key,
        string.Create(CultureInfo.InvariantCulture, $"partNumber={partNumber}&uploadId={Uri.EscapeDataString(uploadId)}"),
        lifetime,
        new Dictionary<string, string> { ["Content-Length"] = length.ToString(CultureInfo.InvariantCulture) });

    /// <inheritdoc/>
    public PresignedRequest PresignGet(string key, TimeSpan? lifetime = null, string? contentDisposition = null) => Presign(
        "GET",
        key,
        contentDisposition is null ? "" : "response-content-disposition=" + Uri.EscapeDataString(contentDisposition),
        lifetime,
        s_noHeaders);

    /// <inheritdoc/>
    public Uri PublicAddressOf(string key) => _presigner.AddressOf(key);

    /// <inheritdoc/>
    public Task<ObjectDescription?> HeadAsync(string key, CancellationToken cancellationToken) => TryAsync<ObjectDescription?>(
        async () =>
        {
            var found = await _client.GetObjectMetadataAsync(
                new GetObjectMetadataRequest { BucketName = Bucket, Key = key, ChecksumMode = ChecksumMode.ENABLED }, cancellationToken);
            return new ObjectDescription(
                found.ContentLength,
                found.ETag.Trim('"'),
                WholeSha256(found),
                found.Headers.ContentType ?? "",
                new DateTimeOffset(found.LastModified!.Value));
        },
        failure => failure.StatusCode == HttpStatusCode.NotFound ? (true, null) : default,
        cancellationToken);

    /// <inheritdoc/>
    public Task<Stream?> OpenReadAsync(string key, ObjectRange? range, CancellationToken cancellationToken) => TryAsync<Stream?>(
        async () =>
        {
            var request = new GetObjectRequest { BucketName = Bucket, Key = key };
            if (range is { } wanted)
            {
                ArgumentOutOfRangeException.ThrowIfNegative(wanted.Offset, nameof(range));
                ArgumentOutOfRangeException.ThrowIfLessThan(wanted.Length, 1, nameof(range));
                request.ByteRange = new ByteRange(wanted.Offset, wanted.Offset + wanted.Length - 1);
            }

            return (await _client.GetObjectAsync(request, cancellationToken)).ResponseStream;
        },
        failure => failure.StatusCode switch
        {
            HttpStatusCode.NotFound => (true, null),
            HttpStatusCode.RequestedRangeNotSatisfiable => (true, Stream.Null),
            _ => default,
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<CopyOutcome> CopyAsync(string sourceKey, string destinationKey, string? etag, CancellationToken cancellationToken) =>
        TryAsync(
            async () =>
            {
                await _client.CopyObjectAsync(
                    new CopyObjectRequest
                    {
                        SourceBucket = Bucket,
                        SourceKey = sourceKey,
                        DestinationBucket = Bucket,
                        DestinationKey = destinationKey,
                        ETagToMatch = etag is null ? null : $"\"{etag}\"",
                    },
                    cancellationToken);
                return CopyOutcome.Copied;
            },
            failure => failure.StatusCode switch
            {
                HttpStatusCode.PreconditionFailed => (true, CopyOutcome.Changed),
                HttpStatusCode.NotFound when failure.ErrorCode is "NoSuchKey" => (true, CopyOutcome.Missing),
                _ => default,
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task PutAsync(string key, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken) =>
        TryAsync<object?>(
            async () => await _client.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = Bucket,
                    Key = key,
                    ContentType = contentType,
                    InputStream = new MemoryStream(content.ToArray()),
                    UseChunkEncoding = false,
                },
                cancellationToken),
            _ => default,
            cancellationToken);

    /// <inheritdoc/>
    public Task PutAsync(
        string key, FileStream content, ReadOnlyMemory<byte> sha256, string contentType, CancellationToken cancellationToken) =>
        TryAsync<object?>(
            async () => await _client.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = Bucket,
                    Key = key,
                    ContentType = contentType,
                    InputStream = content,
                    AutoCloseStream = false,
                    ChecksumSHA256 = Convert.ToBase64String(sha256.Span),
                    UseChunkEncoding = false,
                },
                cancellationToken),
            _ => default,
            cancellationToken);

    /// <inheritdoc/>
    public Task DeleteAsync(string key, CancellationToken cancellationToken) => TryAsync<object?>(
        async () => await _client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = Bucket, Key = key }, cancellationToken),
        failure => failure.StatusCode == HttpStatusCode.NotFound && failure.ErrorCode is "NoSuchKey" ? (true, null) : default,
        cancellationToken);

    /// <inheritdoc/>
    public Task<ObjectPage> ListAsync(string prefix, string? after, int limit, CancellationToken cancellationToken) => TryAsync(
        async () =>
        {
            var page = await _client.ListObjectsV2Async(
                new ListObjectsV2Request { BucketName = Bucket, Prefix = prefix, StartAfter = after, MaxKeys = limit }, cancellationToken);
            var objects = (page.S3Objects ?? [])
                .Select(found => new ListedObject(found.Key, found.Size ?? 0, new DateTimeOffset(found.LastModified!.Value)))
                .ToArray();
            return new ObjectPage(objects, IsLast: page.IsTruncated != true);
        },
        failure => failure.ErrorCode is "NoSuchBucket" ? (true, new ObjectPage([], IsLast: true)) : default,
        cancellationToken);

    /// <inheritdoc/>
    public Task<AccessOutcome> SetPublicAsync(string key, bool isPublic, CancellationToken cancellationToken) => TryAsync(
        async () =>
        {
            await _client.PutObjectAclAsync(
                new PutObjectAclRequest
                {
                    BucketName = Bucket,
                    Key = key,
                    ACL = isPublic ? S3CannedACL.PublicRead : S3CannedACL.Private,
                },
                cancellationToken);
            return AccessOutcome.Changed;
        },
        failure => failure.ErrorCode switch
        {
            "NoSuchKey" => (true, AccessOutcome.Missing),
            "AccessControlListNotSupported" or "NotImplemented" or "MethodNotAllowed" => (true, AccessOutcome.Unsupported),
            _ => default,
        },
        cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    // "BASE64-3" is a digest of the parts' digests, and does not describe the whole object.
    private static ReadOnlyMemory<byte>? WholeSha256(GetObjectMetadataResponse found)
    {
        var digest = new byte[32];
        if (found.ChecksumSHA256 is { } text && Convert.TryFromBase64String(text, digest, out var written) && written == digest.Length)
        {
            return digest;
        }

        // Not by ?: with an array, whose null would become an empty memory.
        return null;
    }

    private PresignedRequest Presign(
        string method, string key, string query, TimeSpan? lifetime, Dictionary<string, string> headers)
    {
        var wanted = lifetime ?? _options.PresignedFor;
        ArgumentOutOfRangeException.ThrowIfLessThan(wanted, TimeSpan.FromSeconds(1), nameof(lifetime));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wanted, ObjectStoreOptions.LongestPresigned, nameof(lifetime));

        var now = _time.GetUtcNow();
        return new PresignedRequest(_presigner.Sign(method, key, query, headers, now, wanted), headers, now + wanted);
    }

    /// <summary>Calls the store.</summary>
    /// <param name="call">The call.</param>
    /// <param name="expected">Finds the result of an error that is an expected outcome; its first value says whether it is one.</param>
    /// <param name="cancellationToken">The token of the call.</param>
    private static async Task<T> TryAsync<T>(
        Func<Task<T>> call, Func<AmazonS3Exception, (bool IsExpected, T Result)> expected, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (AmazonS3Exception failure) when (expected(failure).IsExpected)
        {
            return expected(failure).Result;
        }
        catch (AmazonServiceException failure)
        {
            throw new ObjectStoreException(failure.Message, failure.ErrorCode, failure);
        }
        catch (Exception failure) when (failure is AmazonClientException or HttpRequestException or IOException or TimeoutException)
        {
            throw new ObjectStoreException(failure.Message, code: null, failure);
        }
        catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ObjectStoreException("The object store did not answer in time.", code: null, failure);
        }
    }

    // Path style: the bucket would otherwise become part of a host name that nothing may resolve. Checksums of requests and answers only
    // where S3 requires them: older stores do not know those that the SDK adds.
    private AmazonS3Client CreateClient(Uri endpoint) => new(
        new BasicAWSCredentials(_connection.AccessKey, _connection.SecretKey),
        new AmazonS3Config
        {
            ServiceURL = endpoint.GetLeftPart(UriPartial.Authority),
            ForcePathStyle = true,
            AuthenticationRegion = _connection.Region,
            Timeout = _options.Timeout,
            MaxErrorRetry = _options.Retries,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });
}
