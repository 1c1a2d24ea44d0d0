using System.Xml;
using MediaAspire.Api.S3.Locks;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Deletions;

/// <summary>DeleteObjects: deletes up to 1,000 objects and versions. Each is authorized, and succeeds or fails, by itself.</summary>
internal sealed class DeleteObjects(ObjectCatalog objects, IS3Authorizer authorizer) : IS3Operation
{
    private const string DeleteAction = "s3:DeleteObject";
    private const string DeleteVersionAction = "s3:DeleteObjectVersion";

    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        RequireDigest(request);
        if (request.Principal.IsAnonymous)
        {
            // As in S3, an owner without the permission gets an error for each key, which only the document names.
            authorizer.RequirePossible(request, DeleteAction, DeleteVersionAction);
        }

        var deletion = DeletionRequest.Read(await S3Documents.ReadXmlAsync(request, DocumentBounds.Deletion, cancellationToken));

        var errors = new S3Error?[deletion.Objects.Count];
        var allowed = new List<int>();
        for (var i = 0; i < deletion.Objects.Count; i++)
        {
            errors[i] = deletion.Objects[i].Error ?? await RefusalAsync(request, deletion.Objects[i], cancellationToken);
            if (errors[i] is null)
            {
                allowed.Add(i);
            }
        }

        var outcomes = new ObjectDeletion?[deletion.Objects.Count];
        if (allowed.Count > 0)
        {
            var deleted = await objects.DeleteManyAsync(
                request.Bucket.Id,
                [.. allowed.Select(i => EntryOf(request, deletion.Objects[i]))],
                request.Principal.OwnerId ?? request.Bucket.OwnerId,
                cancellationToken)
                ?? throw S3Errors.NoSuchBucket(request.BucketName).ToException();
            for (var i = 0; i < allowed.Count; i++)
            {
                outcomes[allowed[i]] = deleted[i];
                errors[allowed[i]] = deleted[i].Outcome switch
                {
                    ObjectWriteOutcome.PreconditionFailed => S3Errors.PreconditionFailed("If-Match"),
                    ObjectWriteOutcome.Locked => LockErrors.Held(),
                    _ => null,
                };
            }
        }

        request.Changes = [.. deletion.Objects.Zip(errors, (requested, error) => (NameOf(requested), error))];
        await S3Xml.WriteAsync(request, "DeleteResult", xml => Write(xml, deletion, outcomes, errors), cancellationToken);
    }

    private static void Write(XmlWriter xml, DeletionRequest deletion, ObjectDeletion?[] outcomes, S3Error?[] errors)
    {
        for (var i = 0; i < errors.Length; i++)
        {
            var requested = deletion.Objects[i];
            if (errors[i] is { } error)
            {
                xml.Element("Error", element =>
                {
                    element.Element("Key", requested.Entry.Key);
                    WriteVersion(element, requested);
                    element.Element("Code", error.Code);
                    element.Element("Message", error.Message);
                });
            }
            else if (!deletion.IsQuiet)
            {
                xml.Element("Deleted", element =>
                {
                    element.Element("Key", requested.Entry.Key);
                    WriteVersion(element, requested);
                    if (outcomes[i]?.Marker?.VersionName is { } marker)
                    {
                        element.Element("DeleteMarker", true);
                        element.Element("DeleteMarkerVersionId", marker);
                    }
                });
            }
        }
    }

    // A sender without the permission was refused before.
    private static DeletionEntry EntryOf(S3Request request, RequestedDeletion requested) => requested.Entry with
    {
        Conditions = requested.Entry.Conditions with { BypassesGovernance = GovernanceBypass.IsAsked(request) },
    };

    private static string NameOf(RequestedDeletion requested) =>
        requested.VersionName is { } version ? $"{requested.Entry.Key}?versionId={version}" : requested.Entry.Key;

    private static void WriteVersion(XmlWriter xml, RequestedDeletion requested)
    {
        if (requested.VersionName is { } version)
        {
            xml.Element("VersionId", version);
        }
    }

    // A deletion cannot be undone, so the list must be known to be complete.
    private static void RequireDigest(S3Request request)
    {
        var hasDigest = request.Headers.ContainsKey("Content-MD5")
            || ChecksumNames.All.Any(algorithm => request.Headers.ContainsKey(algorithm.HeaderName))
            || (request.Header("x-amz-trailer") ?? "").Split(',', StringSplitOptions.TrimEntries)
                .Any(name => ChecksumNames.TryParseHeader(name, out _));
        if (!hasDigest)
        {
            throw S3Errors.InvalidRequest("Missing required header for this request: Content-MD5 OR x-amz-checksum-*").ToException();
        }
    }

    private async ValueTask<S3Error?> RefusalAsync(S3Request request, RequestedDeletion requested, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var action = requested.VersionName is null ? DeleteAction : DeleteVersionAction;
            await authorizer.AuthorizeAsync(request, action, request.Bucket, requested.Entry.Key, cancellationToken);
            await GovernanceBypass.ReadAsync(request, authorizer, requested.Entry.Key, cancellationToken);
            return null;
        }
        catch (S3Exception refused)
        {
            return refused.Error;
        }
    }
}
