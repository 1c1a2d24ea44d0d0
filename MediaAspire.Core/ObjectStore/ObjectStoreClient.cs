using System.Globalization;
using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.ObjectStore;

/// <summary>The bucket that clients upload to and download from directly.</summary>
/// <remarks>Thread-safe. Faults of the store are <see cref="AmazonServiceException"/>s, after the retries that the options allow.</remarks>
public sealed class ObjectStoreClient : IDisposable
{
    private const string ChecksumHeader = "x-amz-checksum-sha256";

    private readonly ObjectStoreConnection _connection;
    private readonly ObjectStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly AmazonS3Client _client;
    private readonly Uri _publicEndpoint;
    private readonly AmazonS3Client _presigner;

    public ObjectStoreClient(IOptions<ObjectStoreOptions> options, TimeProvider time)
    {
        _options = options.Value;
        _time = time;
        _connection = ObjectStoreConnection.TryParse(_options.ConnectionString, out var connection, out var error)
            ? connection
            : throw new ArgumentException(error, nameof(options));
        _publicEndpoint = _options.PublicEndpoint is { } address ? new Uri(address) : _connection.Endpoint;
        _client = CreateClient(_connection.Endpoint);
        _presigner = CreateClient(_publicEndpoint);
    }

    /// <summary>Gets the name of the bucket.</summary>
    public string Bucket => _connection.Bucket;

    /// <summary>Makes the bucket unless it is there.</summary>
    public async Task EnsureBucketAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _client.PutBucketAsync(new PutBucketRequest { BucketName = Bucket }, cancellationToken);
        }
        catch (AmazonS3Exception failure) when (failure.ErrorCode is "BucketAlreadyOwnedByYou")
        {
            // As wanted: a process before this one, or beside it, made it.
        }
    }

    /// <summary>Determines whether the bucket exists and may be read.</summary>
    public async Task<bool> HasBucketAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _client.HeadBucketAsync(new HeadBucketRequest { BucketName = Bucket }, cancellationToken);
            return true;
        }
        catch (AmazonS3Exception failure) when (failure.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    /// <summary>Allows one upload of exactly these bytes: their number, their SHA-256 and their type are signed in.</summary>
    /// <param name="key">1 to 1,024 bytes of UTF-8.</param>
    /// <param name="declared">The declared properties of the upload.</param>
    /// <param name="lifetime">One second to seven days; <see langword="null"/> takes <see cref="ObjectStoreOptions.PresignedFor"/>.</param>
    public async Task<PresignedRequest> PresignPutAsync(string key, DeclaredObject declared, TimeSpan? lifetime = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(declared.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(declared.Sha256.Length, 32);

        var expiresAt = ExpiresAt(lifetime);
        var request = Presign(HttpVerb.PUT, key, expiresAt);
        var headers = new Dictionary<string, string>
        {
            ["Content-Type"] = declared.ContentType,
            ["Content-Length"] = declared.Length.ToString(CultureInfo.InvariantCulture),
            [ChecksumHeader] = Convert.ToBase64String(declared.Sha256.Span),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers[name] = value;
        }

        return new PresignedRequest(new Uri(await _presigner.GetPreSignedURLAsync(request)), headers, expiresAt);
    }

    /// <summary>Allows downloads, whole or in ranges.</summary>
    /// <param name="key">The object's key; it need not exist yet.</param>
    /// <param name="lifetime">One second to seven days; <see langword="null"/> takes <see cref="ObjectStoreOptions.PresignedFor"/>.</param>
    /// <param name="contentDisposition">
    /// The <c>Content-Disposition</c> of downloads; <see langword="null"/> leaves the object's own.
    /// </param>
    public async Task<PresignedRequest> PresignGetAsync(string key, TimeSpan? lifetime = null, string? contentDisposition = null)
    {
        var expiresAt = ExpiresAt(lifetime);
        var request = Presign(HttpVerb.GET, key, expiresAt);
        request.ResponseHeaderOverrides.ContentDisposition = contentDisposition;
        return new PresignedRequest(new Uri(await _presigner.GetPreSignedURLAsync(request)), new Dictionary<string, string>(), expiresAt);
    }

    /// <summary>Describes an object.</summary>
    /// <returns><see langword="null"/> when the object does not exist.</returns>
    public async Task<ObjectDescription?> HeadAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            var found = await _client.GetObjectMetadataAsync(
                new GetObjectMetadataRequest { BucketName = Bucket, Key = key, ChecksumMode = ChecksumMode.ENABLED }, cancellationToken);
            return new ObjectDescription(
                found.ContentLength,
                found.ETag.Trim('"'),
                WholeSha256(found),
                found.Headers.ContentType ?? "",
                new DateTimeOffset(found.LastModified!.Value));
        }
        catch (AmazonS3Exception failure) when (failure.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Copies an object within the bucket, metadata included; the store moves the bytes. An existing object is replaced.</summary>
    /// <returns><see langword="true"/> when there was an object to copy.</returns>
    public async Task<bool> CopyAsync(string sourceKey, string destinationKey, CancellationToken cancellationToken)
    {
        try
        {
            await _client.CopyObjectAsync(
                new CopyObjectRequest
                {
                    SourceBucket = Bucket,
                    SourceKey = sourceKey,
                    DestinationBucket = Bucket,
                    DestinationKey = destinationKey,
                },
                cancellationToken);
            return true;
        }
        catch (AmazonS3Exception failure) when (failure.ErrorCode is "NoSuchKey")
        {
            return false;
        }
    }

    /// <summary>Deletes an object, if there is one.</summary>
    public Task DeleteAsync(string key, CancellationToken cancellationToken) =>
        _client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = Bucket, Key = key }, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _presigner.Dispose();
    }

    // "BASE64-3" is a digest of the parts' digests, and says nothing of the whole.
    private static ReadOnlyMemory<byte>? WholeSha256(GetObjectMetadataResponse found)
    {
        var digest = new byte[32];
        return found.ChecksumSHA256 is { } text && Convert.TryFromBase64String(text, digest, out var written) && written == digest.Length
            ? digest
            : null;
    }

    private GetPreSignedUrlRequest Presign(HttpVerb verb, string key, DateTimeOffset expiresAt) => new()
    {
        BucketName = Bucket,
        Key = key,
        Verb = verb,
        Expires = expiresAt.UtcDateTime,
        Protocol = _publicEndpoint.Scheme == "http" ? Protocol.HTTP : Protocol.HTTPS,
    };

    private DateTimeOffset ExpiresAt(TimeSpan? lifetime)
    {
        var wanted = lifetime ?? _options.PresignedFor;
        ArgumentOutOfRangeException.ThrowIfLessThan(wanted, TimeSpan.FromSeconds(1), nameof(lifetime));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wanted, ObjectStoreOptions.LongestPresigned, nameof(lifetime));
        return _time.GetUtcNow() + wanted;
    }

    // Path style: the bucket would otherwise become part of a host name that nothing may resolve.
    private AmazonS3Client CreateClient(Uri endpoint) => new(
        new BasicAWSCredentials(_connection.AccessKey, _connection.SecretKey),
        new AmazonS3Config
        {
            ServiceURL = endpoint.GetLeftPart(UriPartial.Authority),
            ForcePathStyle = true,
            AuthenticationRegion = _connection.Region,
            Timeout = _options.Timeout,
            MaxErrorRetry = _options.Retries,
        });
}
