using System.Globalization;
using MediaAspire.Core.Uploads;

namespace MediaAspire.Api.Uploads;

/// <summary>Signs the addresses of parts, which need no key.</summary>
internal sealed class UploadPartSigning(UploadGrants grants, TimeProvider time)
{
    /// <summary>The most parts of an upload: the addresses of all are in one response.</summary>
    public const int MostParts = 1000;

    private const long MiB = 1 << 20;
    private const long SmallestPart = 64 << 10;
    private const long DefaultPart = 16 * MiB;

    /// <summary>Chooses the size of parts.</summary>
    /// <param name="length">The bytes of the upload.</param>
    /// <param name="wanted">The size that the client wants; <see langword="null"/> for the usual one.</param>
    /// <returns>The size; <see langword="null"/> when the wanted one is not possible.</returns>
    public static long? SizeOf(long length, long? wanted)
    {
        var least = (length + MostParts - 1) / MostParts;
        return wanted is null ? Math.Max(DefaultPart, (least + MiB - 1) / MiB * MiB)
            : wanted >= SmallestPart && wanted >= least ? wanted
            : null;
    }

    /// <summary>Signs the addresses of parts, and that of the completion.</summary>
    public UploadPartsResponse Sign(UploadSession session, string? keyId, IEnumerable<int> numbers, TimeSpan lifetime)
    {
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds((time.GetUtcNow() + lifetime).ToUnixTimeSeconds());
        return new(
            UploadResponse.Of(session),
            session.PartSize!.Value,
            [.. numbers.Select(number => new UploadPartResponse(
                number,
                (number - 1) * session.PartSize.Value,
                session.LengthOfPart(number)!.Value,
                AddressOf(number, session.LengthOfPart(number), $"parts/{number.ToString(CultureInfo.InvariantCulture)}")))],
            AddressOf(0, null, "complete"),
            expiresAt);

        string AddressOf(int part, long? length, string path)
        {
            var token = grants.Sign(new UploadGrant(
                session.Id.Value, keyId, session.Owner?.Value, new Dictionary<string, string>(), null, null,
                expiresAt.ToUnixTimeSeconds(), part, length));
            return $"/uploads/{session.Id}/{path}?{UploadGrants.Parameter}={token}";
        }
    }
}

/// <summary>A request for an upload in parts.</summary>
public sealed record CreateUploadPartsRequest
{
    /// <summary>Gets what becomes of the upload, as the fields of <c>Upload-Metadata</c> say it.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets the bytes in all.</summary>
    public required long Size { get; init; }

    /// <summary>Gets the size of all parts but the last one; at least 16 MiB by default.</summary>
    public long? PartSize { get; init; }

    /// <summary>Gets the time for which the addresses are valid, in seconds; an hour by default.</summary>
    public double? ExpiresIn { get; init; }
}

/// <summary>A request for new addresses of the parts that are missing.</summary>
/// <param name="ExpiresIn">The time for which the addresses are valid, in seconds; an hour by default.</param>
public sealed record SignUploadPartsRequest(double? ExpiresIn);

/// <summary>An upload in parts, with addresses that need no key.</summary>
/// <param name="Upload">The upload.</param>
/// <param name="PartSize">The size of all parts but the last one.</param>
/// <param name="Parts">The parts that are missing.</param>
/// <param name="CompleteUrl">The path and the query that complete the upload, by POST.</param>
/// <param name="ExpiresAt">The time from which the addresses are not valid.</param>
public sealed record UploadPartsResponse(
    UploadResponse Upload, long PartSize, IReadOnlyList<UploadPartResponse> Parts, string CompleteUrl, DateTimeOffset ExpiresAt);

/// <summary>A part that is to be sent.</summary>
/// <param name="Number">The number, from 1.</param>
/// <param name="Offset">The position of its first byte.</param>
/// <param name="Size">Its bytes: the request must have exactly as many.</param>
/// <param name="Url">The path and the query that take it, by PUT.</param>
public sealed record UploadPartResponse(int Number, long Offset, long Size, string Url);
