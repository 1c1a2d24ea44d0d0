using System.Globalization;
using System.Xml.Linq;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Multipart;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Multipart;

/// <summary>The parts that a client selects for its object, with their expected tags and checksums.</summary>
internal sealed class CompletedPartList
{
    private readonly IReadOnlyList<Entry> _entries;

    private CompletedPartList(IReadOnlyList<Entry> entries) => _entries = entries;

    /// <summary>Reads the body of CompleteMultipartUpload.</summary>
    /// <exception cref="S3Exception">The document is malformed, its parts descend, or a checksum in it is malformed.</exception>
    public static CompletedPartList Read(XElement root)
    {
        ArgumentNullException.ThrowIfNull(root);

        var entries = root.Name.LocalName == "CompleteMultipartUpload" ? root.Named("Part").Select(ReadEntry).ToList() : [];
        if (entries.Count is 0 or > UploadTarget.MaxPartNumber)
        {
            throw S3Errors.MalformedXml().ToException();
        }

        // A client that sent a part repeatedly may name it each time. The last entry counts, like the last upload of a part.
        var parts = new List<Entry>(entries.Count);
        foreach (var entry in entries)
        {
            if (parts.Count > 0 && entry.Number < parts[^1].Number)
            {
                throw MultipartErrors.InvalidPartOrder().ToException();
            }

            if (parts.Count > 0 && entry.Number == parts[^1].Number)
            {
                parts.RemoveAt(parts.Count - 1);
            }

            parts.Add(entry);
        }

        return new(parts);
    }

    /// <summary>Selects the parts from the uploaded ones.</summary>
    /// <param name="uploaded">The uploaded parts.</param>
    /// <param name="minPartSize">The minimum size of every part but the last, in bytes.</param>
    /// <param name="wanted">Algorithm and type of the object's checksum; <see langword="null"/> for none.</param>
    /// <exception cref="S3Exception">A part is missing, differs from the expected one, or is too small.</exception>
    public CompletedParts Choose(IReadOnlyList<UploadedPart> uploaded, long minPartSize, StoredChecksum? wanted)
    {
        var byNumber = uploaded.ToDictionary(part => part.Number);
        var parts = new List<ObjectPart>(_entries.Count);
        var chosen = new List<UploadedPart>(_entries.Count);
        var offset = 0L;
        foreach (var entry in _entries)
        {
            if (!byNumber.TryGetValue(entry.Number, out var part) || part.ETag != entry.ETag || !HasChecksums(entry, part, wanted))
            {
                throw MultipartErrors.InvalidPart(entry.Number, entry.ETag).ToException();
            }

            chosen.Add(part);
            parts.Add(new(part.Number, offset, part.Size, part.Checksum, part.File));
            offset += part.Size;
        }

        // A part that differs from the expected one is a worse fault than a small one.
        if (chosen.SkipLast(1).FirstOrDefault(part => part.Size < minPartSize) is { } small)
        {
            throw MultipartErrors.PartTooSmall(small.Number, small.ETag, small.Size, minPartSize).ToException();
        }

        var etag = PartDigests.ComposeETag(chosen.Select(part => (ReadOnlyMemory<byte>)Convert.FromHexString(part.ETag)));
        return new(parts, etag, Checksum(chosen, wanted));
    }

    private static Entry ReadEntry(XElement part)
    {
        if (!int.TryParse(part.Text("PartNumber"), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || part.Text("ETag") is not { } etag)
        {
            throw S3Errors.MalformedXml().ToException();
        }

        var checksums = new Dictionary<ChecksumAlgorithm, string>();
        foreach (var algorithm in ChecksumNames.All)
        {
            if (part.Text(algorithm.ElementName) is not { } checksum)
            {
                continue;
            }

            if (!Core.Checksums.Checksum.TryParse(algorithm, checksum, out _))
            {
                throw MultipartErrors.InvalidPartChecksum($"{algorithm.WireName}:{checksum};").ToException();
            }

            checksums.Add(algorithm, checksum);
        }

        return new(number, etag.Trim().Trim('"'), checksums);
    }

    private static bool HasChecksums(Entry entry, UploadedPart part, StoredChecksum? wanted) =>
        entry.Checksums.All(declared => wanted is null || declared.Key.WireName != wanted.Algorithm || declared.Value == part.Checksum);

    private static StoredChecksum? Checksum(IReadOnlyList<UploadedPart> parts, StoredChecksum? wanted)
    {
        if (wanted is null || !ChecksumNames.TryParseAlgorithm(wanted.Algorithm, out var algorithm))
        {
            return null;
        }

        var checksums = parts.Select(part => Parse(algorithm, part)).ToList();
        var whole = wanted.Type == ChecksumType.FullObject.WireName
            ? PartDigests.Combine(algorithm, checksums.Zip(parts, (checksum, part) => (checksum, part.Size)))
            : PartDigests.Compose(algorithm, checksums);
        return wanted with { Value = whole.ToString() };
    }

    private static Checksum Parse(ChecksumAlgorithm algorithm, UploadedPart part) =>
        Core.Checksums.Checksum.TryParse(algorithm, part.Checksum, out var checksum)
            ? checksum
            : throw new System.Diagnostics.UnreachableException($"Part {part.Number} was stored without the checksum of its upload.");

    private sealed record Entry(int Number, string ETag, IReadOnlyDictionary<ChecksumAlgorithm, string> Checksums);
}
