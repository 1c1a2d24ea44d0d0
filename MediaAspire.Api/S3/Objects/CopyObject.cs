using System.IO.Pipelines;
using MediaAspire.Api.S3.Lifecycle;
using MediaAspire.Api.S3.Lookup;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Objects;

/// <summary>
/// CopyObject: creates another version over the same files. No byte is copied, and bytes are read only when another checksum is requested.
/// </summary>
internal sealed class CopyObject(
    CopySources sources,
    ObjectHeaders headers,
    ObjectCatalog objects,
    ObjectReader reader,
    ExpirationHeader expiration,
    TimeProvider time) : IS3Operation
{
    // The number of look-ups of a source that is overwritten before its files can be shared.
    private const int Attempts = 5;

    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        ObjectKeys.Check(request.Key);
        var replacesMetadata = IsReplaced(request, "x-amz-metadata-directive");
        var replacesTags = IsReplaced(request, "x-amz-tagging-directive");
        var algorithm = ReadAlgorithm(request);
        var conditions = WriteConditions.Read(request);
        var given = await headers.ReadAsync(request, cancellationToken);

        for (var attempt = 1; ; attempt++)
        {
            var source = await sources.FindAsync(request, cancellationToken);
            RefuseChangeOfNothing(request, source, replacesMetadata, algorithm);

            var attributes = Merge(given, source.Version.Attributes, replacesMetadata, replacesTags);
            if (algorithm is { } wanted && !HasChecksum(source.Version, wanted))
            {
                attributes = PutObject.WithChecksum(attributes, await ComputeAsync(source.Located, wanted, cancellationToken));
            }

            var copy = new NewVersion(VersionId.New(time), request.Key, attributes, source.Version.Size, source.Version.ETag)
            {
                File = source.Version.File,
                PartCount = source.Version.PartCount,
                Origin = VersionOrigin.Copy,
            };
            var (version, outcome) = await objects.ShareAsync(request.Bucket.Id, copy, source.Located.Parts, conditions, cancellationToken);
            if (version is not null)
            {
                await AnswerAsync(request, source, version, cancellationToken);
                return;
            }

            // With no condition on the key that is written, it was the source that went.
            if (outcome != ObjectWriteOutcome.NoSuchKey || conditions.IfMatch is not null || attempt == Attempts)
            {
                throw ObjectErrors.NotWritten(outcome, request, conditions).ToException();
            }
        }
    }

    private static bool IsReplaced(S3Request request, string directive) => request.Header(directive) switch
    {
        null or "COPY" => false,
        "REPLACE" => true,
        var other => throw S3Errors.InvalidArgument(directive, other, "Unknown directive.").ToException(),
    };

    private static ChecksumAlgorithm? ReadAlgorithm(S3Request request) =>
        request.Header("x-amz-checksum-algorithm") is not { } name ? null
        : ChecksumNames.TryParseAlgorithm(name, out var algorithm) ? algorithm
        : throw S3Errors.InvalidRequest(
            "Checksum algorithm provided is unsupported. "
            + "Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]").ToException();

    private static void RefuseChangeOfNothing(S3Request request, CopiedObject source, bool replacesMetadata, ChecksumAlgorithm? algorithm)
    {
        if (source.Bucket.Id == request.Bucket.Id
            && source.Version.Key == request.Key
            && source.Version.IsLatest
            && !replacesMetadata
            && request.Header("x-amz-storage-class") is null
            && request.Header("x-amz-website-redirect-location") is null
            && (algorithm is not { } wanted || HasChecksum(source.Version, wanted)))
        {
            throw S3Errors.InvalidRequest(
                "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, "
                + "storage class, website redirect location or encryption attributes.").ToException();
        }
    }

    private static ObjectAttributes Merge(ObjectAttributes given, ObjectAttributes source, bool replacesMetadata, bool replacesTags)
    {
        const string redirect = "x-amz-website-redirect-location";

        var merged = given with { Checksum = source.Checksum, Tags = replacesTags ? given.Tags : source.Tags };
        if (replacesMetadata)
        {
            return merged;
        }

        // The redirect belongs to the place, and is never copied.
        var kept = source.Headers.Where(header => header.Key != redirect).Concat(given.Headers.Where(header => header.Key == redirect));
        return merged with
        {
            ContentType = source.ContentType,
            Headers = kept.ToDictionary(header => header.Key, header => header.Value),
            Metadata = source.Metadata,
        };
    }

    private static bool HasChecksum(ObjectVersion version, ChecksumAlgorithm wanted) =>
        version.Attributes.Checksum is { Value: not null } checksum
        && checksum.Algorithm == wanted.WireName
        && checksum.Type == ChecksumType.FullObject.WireName;

    private async Task<Checksum> ComputeAsync(LocatedObject located, ChecksumAlgorithm algorithm, CancellationToken cancellationToken)
    {
        using var digest = ChecksumContentDigest.Create(algorithm);
        await using var range = await reader.OpenAsync(located, 0, located.Version.Size, cancellationToken);

        var pipe = new Pipe();
        var sending = SendAsync();
        try
        {
            while (true)
            {
                var read = await pipe.Reader.ReadAsync(cancellationToken);
                foreach (var segment in read.Buffer)
                {
                    digest.Append(segment.Span);
                }

                pipe.Reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    break;
                }
            }
        }
        finally
        {
            // The range must not be disposed of while it is being sent.
            await pipe.Reader.CompleteAsync();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await sending;
        return digest.GetChecksum();

        async Task SendAsync()
        {
            try
            {
                await range.SendAsync(pipe.Writer, cancellationToken);
            }
            finally
            {
                // Without an error: the caller that awaits the sending observes it.
                await pipe.Writer.CompleteAsync();
            }
        }
    }

    private Task AnswerAsync(S3Request request, CopiedObject source, ObjectVersion version, CancellationToken cancellationToken)
    {
        var answer = request.Response.Headers;
        if (source.Bucket.Versioning != BucketVersioning.Off)
        {
            answer["x-amz-copy-source-version-id"] = source.Version.VersionName;
        }

        if (!version.IsNull)
        {
            answer[VersionHeaders.Version] = version.VersionName;
        }

        expiration.Set(request.Response, request.Bucket, version);
        return S3Xml.WriteAsync(
            request,
            "CopyObjectResult",
            xml =>
            {
                xml.Element("LastModified", version.ModifiedAt);
                xml.Element("ETag", $"\"{version.ETag}\"");
                ObjectResponse.WriteChecksum(xml, version.Attributes.Checksum);
            },
            cancellationToken);
    }
}
