using System.Globalization;
using System.Text;
using System.Xml.Linq;
using MediaAspire.Api.S3.Objects;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Deletions;

/// <summary>The deletions that a client requests.</summary>
/// <param name="Objects">The entries, in the client's order.</param>
/// <param name="IsQuiet">A value indicating whether the response has only errors.</param>
internal sealed record DeletionRequest(IReadOnlyList<RequestedDeletion> Objects, bool IsQuiet)
{
    public const int MaxObjects = 1000;

    /// <exception cref="S3Exception">The document is malformed.</exception>
    public static DeletionRequest Read(XElement delete)
    {
        var objects = delete.Named("Object").Take(MaxObjects + 1).Select(ReadObject).ToList();
        return delete.Name.LocalName == "Delete" && objects.Count is > 0 and <= MaxObjects
            ? new(objects, string.Equals(delete.Text("Quiet")?.Trim(), "true", StringComparison.OrdinalIgnoreCase))
            : throw S3Errors.MalformedXml().ToException();
    }

    private static RequestedDeletion ReadObject(XElement element)
    {
        var key = element.Text("Key");
        if (string.IsNullOrEmpty(key))
        {
            throw S3Errors.MalformedXml().ToException();
        }

        var version = element.Text("VersionId") is { Length: > 0 } given ? given : null;
        var isNull = version == ObjectVersion.NullVersion;
        VersionId parsed = default;
        var bytes = Encoding.UTF8.GetByteCount(key);
        var error = bytes > ObjectKeys.MaxLength ? S3Errors.KeyTooLong(bytes, ObjectKeys.MaxLength)
            : version is not null && !isNull && !VersionId.TryParse(version, out parsed) ? S3Errors.NoSuchVersion(key, version)
            : null;
        var entry = new DeletionEntry(key)
        {
            Version = version is null || isNull || error is not null ? null : parsed,
            IsNullVersion = isNull,
            Conditions = new(
                WriteConditions.Tag(element.Text("ETag")),
                element.Text("LastModifiedTime") is { } time ? ReadTime(time) : null,
                element.Text("Size") is { } size ? ReadSize(size) : null),
        };
        return new(entry, version, error);
    }

    private static long ReadSize(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            ? size
            : throw S3Errors.MalformedXml().ToException();

    // A date of HTTP, or of XML.
    private static DateTimeOffset ReadTime(string text) =>
        DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero)
            : throw S3Errors.MalformedXml().ToException();
}

/// <param name="Entry">The object or version to delete.</param>
/// <param name="VersionName">The version as the client named it.</param>
/// <param name="Error">The error for which no sender can delete it; <see langword="null"/> for none.</param>
internal sealed record RequestedDeletion(DeletionEntry Entry, string? VersionName, S3Error? Error);
