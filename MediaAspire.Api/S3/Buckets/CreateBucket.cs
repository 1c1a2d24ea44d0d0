using System.Text.RegularExpressions;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.S3.Buckets;

/// <summary>CreateBucket: creates a bucket, or finds that its owner already has it.</summary>
internal sealed partial class CreateBucket(BucketCatalog buckets, INewBucketAccess access, IOptions<S3Options> options) : IS3Operation
{
    // The region with an empty location name, in which creating one's own bucket again succeeds.
    internal const string ClassicRegion = "us-east-1";

    private const string LockHeader = "x-amz-bucket-object-lock-enabled";

    // The existing bucket can be deleted before it is looked at.
    private const int Attempts = 3;

    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var name = request.BucketName;
        if (!BucketNames.IsValid(name))
        {
            throw S3Errors.InvalidBucketName(name).ToException();
        }

        var hasLock = ReadLock(request);
        var region = await ReadRegionAsync(request, cancellationToken) ?? options.Value.Region;
        var documents = await access.ReadAsync(request, cancellationToken);
        if (hasLock)
        {
            documents = new Dictionary<BucketDocument, string>(documents)
            {
                [BucketDocument.ObjectLock] = new ObjectLockConfiguration(Default: null).ToJson(),
            };
        }

        await MakeAsync(name, request.Principal.OwnerId!, region, documents, cancellationToken);

        request.Response.Headers.Location = $"/{name}";
        request.Response.StatusCode = StatusCodes.Status200OK;
    }

    private async Task MakeAsync(
        string name,
        string ownerId,
        string region,
        IReadOnlyDictionary<BucketDocument, string> documents,
        CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (await buckets.TryCreateAsync(name, ownerId, region, documents, cancellationToken) is not null)
            {
                return;
            }

            if (await buckets.FindAsync(name, cancellationToken) is { } existing)
            {
                // Creating it again does not change it, so a request for other access or for locks must not succeed.
                var error = existing.OwnerId != ownerId || !HasOnly(existing, documents) ? BucketErrors.AlreadyExists(name)
                    : existing.Region == ClassicRegion && region == ClassicRegion ? null
                    : BucketErrors.AlreadyOwnedByYou(name);
                if (error is not null)
                {
                    throw error.ToException();
                }

                return;
            }
        }

        throw new S3Exception(new(
            "OperationAborted",
            409,
            "A conflicting conditional operation is currently in progress against this resource. Please try again."));
    }

    private static bool HasOnly(Bucket bucket, IReadOnlyDictionary<BucketDocument, string> documents) =>
        bucket.Document(BucketDocument.Acl) == documents.GetValueOrDefault(BucketDocument.Acl)
        && bucket.Document(BucketDocument.Ownership) == documents.GetValueOrDefault(BucketDocument.Ownership)
        && (bucket.Document(BucketDocument.ObjectLock) is not null || !documents.ContainsKey(BucketDocument.ObjectLock));

    // A bucket must not seem to be locked when it is not.
    private static bool ReadLock(S3Request request) => request.Header(LockHeader)?.ToUpperInvariant() switch
    {
        null or "FALSE" => false,
        "TRUE" => true,
        _ => throw S3Errors.InvalidArgument(LockHeader, request.Header(LockHeader), "The value must be true or false.").ToException(),
    };

    private static async Task<string?> ReadRegionAsync(S3Request request, CancellationToken cancellationToken)
    {
        var configuration = await S3Documents.TryReadXmlAsync(request, DocumentBounds.Setting, cancellationToken);
        if (configuration is null)
        {
            return null;
        }

        if (configuration.Name.LocalName != "CreateBucketConfiguration")
        {
            throw S3Errors.MalformedXml().ToException();
        }

        // Directory buckets, and tags at creation.
        if (configuration.Elements().Any(element => element.Name.LocalName != "LocationConstraint"))
        {
            throw S3Errors.NotImplemented().ToException();
        }

        var region = configuration.Text("LocationConstraint");
        return string.IsNullOrEmpty(region) ? null
            : Region().IsMatch(region) ? region
            : throw BucketErrors.InvalidLocationConstraint(region).ToException();
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9-]{0,62}\z")]
    private static partial Regex Region();
}
