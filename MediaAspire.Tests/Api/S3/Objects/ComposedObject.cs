using MediaAspire.Core.Buckets;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Objects;

namespace MediaAspire.Tests.Api.S3.Objects;

/// <summary>Objects composed of parts, made without a multipart upload.</summary>
internal static class ComposedObject
{
    public static async Task<ObjectVersion> MakeAsync(S3TestHost host, Bucket bucket, string key, IReadOnlyList<byte[]> bodies)
    {
        var parts = new List<ObjectPart>();
        var offset = 0L;
        foreach (var body in bodies)
        {
            await using var upload = await host.Files.Writer.BeginAsync(new NewFile("part", "a/b") { Holders = 1 }, CancellationToken.None);
            await upload.WriteAsync(new MemoryStream(body), long.MaxValue, CancellationToken.None);
            await upload.CommitAsync(CancellationToken.None);
            parts.Add(new(parts.Count + 1, offset, body.Length, Checksum: null, upload.Id));
            offset += body.Length;
        }

        var version = new NewVersion(
            VersionId.New(TimeProvider.System), key, new(S3TestHost.Owner, "a/b"), offset, $"00-{parts.Count}")
        {
            PartCount = parts.Count,
        };
        var (made, _) = await host.Objects.ShareAsync(bucket.Id, version, parts, ObjectConditions.None, CancellationToken.None);
        Assert.NotNull(made);

        // The uploads' own holders are those of the parts; a multipart upload releases them when it is completed.
        foreach (var part in parts)
        {
            await host.Files.CountAsync($"SELECT 1 FROM (SELECT release_files(ARRAY['{part.File.Value}'::uuid])) AS released");
        }

        return made;
    }
}
