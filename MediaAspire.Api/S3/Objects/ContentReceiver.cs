using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Files;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.S3.Objects;

/// <summary>Receives the body of a put, a part or a form, and refuses it when it differs from its declaration.</summary>
internal sealed class ContentReceiver(FileWriter writer, IOptions<S3Options> options)
{
    /// <summary>The checksum algorithm of objects whose sender chooses none, as in S3.</summary>
    public const ChecksumAlgorithm DefaultAlgorithm = ChecksumAlgorithm.Crc64Nvme;

    /// <summary>Receives the body of a request, as its headers declare it.</summary>
    /// <inheritdoc cref="ReceiveAsync(S3Payload, ContentDeclaration, string, string, ChecksumAlgorithm?, CancellationToken)"/>
    public Task<ReceivedContent> ReceiveAsync(
        S3Request request, string filename, string contentType, ChecksumAlgorithm? wanted, CancellationToken cancellationToken)
    {
        var declared = ContentDeclaration.Read(request.Headers);
        if (request.Payload.Length is null && request.Headers.TransferEncoding.Count == 0)
        {
            throw S3Errors.MissingContentLength().ToException();
        }

        request.AllowLongBody();
        return ReceiveAsync(request.Payload, declared, filename, contentType, wanted, cancellationToken);
    }

    /// <summary>Receives a body. Nothing of it is kept when this fails.</summary>
    /// <param name="payload">The body.</param>
    /// <param name="declared">The digests that its sender declares.</param>
    /// <param name="filename">The display name of the file.</param>
    /// <param name="contentType">Its media type.</param>
    /// <param name="wanted">The required checksum algorithm; <see langword="null"/> for the one that the sender chose.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The content; the caller commits its upload or disposes it.</returns>
    /// <exception cref="S3Exception">The body differs from its declaration, or is too long.</exception>
    /// <exception cref="FileWriteException">The length differs from the declared one, or the nodes cannot store the body.</exception>
    public async Task<ReceivedContent> ReceiveAsync(
        S3Payload payload,
        ContentDeclaration declared,
        string filename,
        string contentType,
        ChecksumAlgorithm? wanted,
        CancellationToken cancellationToken)
    {
        if (payload.Length > options.Value.MaxPutSize)
        {
            throw S3Errors.EntityTooLarge(payload.Length, options.Value.MaxPutSize).ToException();
        }

        if (wanted is { } needed && declared.Algorithm is { } other && needed != other)
        {
            throw ObjectErrors.OtherChecksum(needed, other).ToException();
        }

        using var digests = new ContentDigests(wanted ?? declared.Algorithm ?? DefaultAlgorithm);
        var file = new NewFile(filename, contentType)
        {
            Length = payload.Length,
            EstimatedLength = payload.EstimatedLength,
            Holders = 1,
            NeedsSha256 = payload.DeclaredSha256 is not null || digests.NeedSha256,
            Digests = digests.Passes,
        };
        var upload = await writer.BeginAsync(file, cancellationToken);
        try
        {
            await upload.WriteAsync(payload.Body, options.Value.MaxPutSize, cancellationToken);
            return Checked(upload, payload, declared, digests);
        }
        catch
        {
            await upload.DisposeAsync();
            throw;
        }
    }

    private static ReceivedContent Checked(FileUpload upload, S3Payload payload, ContentDeclaration declared, ContentDigests digests)
    {
        if (payload.DeclaredSha256 is { } signed && !signed.Equals(upload.Sha256))
        {
            throw S3Errors.ContentSha256Mismatch(signed.ToString(), upload.Sha256!.ToString()).ToException();
        }

        var md5 = digests.GetMd5();
        if (declared.Md5 is { } expected && !expected.AsSpan().SequenceEqual(md5))
        {
            throw S3Errors.BadDigest().ToException();
        }

        var checksum = digests.GetChecksum(upload.Sha256);
        if (declared.Algorithm is { } algorithm)
        {
            var stated = declared.Checksum ?? ReadTrailer(payload, algorithm);
            if (!stated.Equals(checksum))
            {
                throw S3Errors.BadChecksum(algorithm).ToException();
            }
        }

        return new(upload, Convert.ToHexStringLower(md5), checksum);
    }

    private static Checksum ReadTrailer(S3Payload payload, ChecksumAlgorithm algorithm)
    {
        var value = payload.Trailers.GetValueOrDefault(algorithm.HeaderName) ?? throw ObjectErrors.MalformedTrailer().ToException();
        return Checksum.TryParse(algorithm, value.Trim(), out var checksum)
            ? checksum
            : throw S3Errors.InvalidChecksum(algorithm, isTrailer: true).ToException();
    }
}
