using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Files;
using MediaAspire.Core.NamedFiles;
using MediaAspire.Core.Staging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.NamedFiles;

/// <summary>
/// The response to <c>GET /files?client_id=&amp;name=</c>: <c>{"name": "…", "data": "base64"}</c>, all of it from one version.
/// </summary>
/// <remarks>
/// A worker may split the staged bytes and free them meanwhile; the rest then comes from the storage nodes. When the version is replaced
/// and its bytes are removed meanwhile, the response restarts with the new version if none of it was sent, or else the connection is
/// aborted.
/// </remarks>
internal sealed partial class NamedFileDownload(NamedFileKey key, NamedFileReading reading, ILogger logger) : IResult
{
    private const long WholeBytes = (long)StagingArea.PieceBytes * StagingArea.PiecesAhead;

    private readonly byte[] _opening = Encoding.UTF8.GetBytes($"{{\"name\":\"{JsonEncodedText.Encode(key.Name)}\",\"data\":\"");
    private readonly byte[] _closing = "\"}"u8.ToArray();

    private NamedFile? _version;
    private Base64PipeWriter? _data;
    private long _sent;

    private enum Step
    {
        Done,
        LookAgain,
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var cancellationToken = httpContext.RequestAborted;
        try
        {
            if (await SendAsync(httpContext, cancellationToken) is not { } problem)
            {
                return;
            }

            if (httpContext.Response.HasStarted || _data is not null)
            {
                LogAborted(_version!.Version.Value, problem.ProblemDetails.Detail);
                httpContext.Abort();
                return;
            }

            await problem.ExecuteAsync(httpContext);
        }
        catch (Exception unavailable) when (_data is not null && unavailable is FileUnavailableException or Npgsql.NpgsqlException)
        {
            LogAborted(_version!.Version.Value, unavailable.Message);
            httpContext.Abort();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            LogClientDisconnected(_sent);
        }
    }

    /// <returns>The problem that kept the file, or the rest of it, from being sent; <see langword="null"/> when it was sent.</returns>
    private async Task<ProblemHttpResult?> SendAsync(HttpContext context, CancellationToken cancellationToken)
    {
        StagingException? missing = null;
        NamedFile? before = null;
        while (true)
        {
            if (await reading.Catalog.FindAsync(key, cancellationToken) is not { } current
                || (_data is not null && current.Version != _version!.Version))
            {
                return NamedFileErrors.NotFound();
            }

            if (current == before)
            {
                // The row has not changed, so the bytes are missing from its place.
                return missing is null ? NamedFileErrors.NotFound() : Missing(missing);
            }

            (before, _version) = (current, current);
            try
            {
                var sending = current.File is null
                    ? SendStagedAsync(context, current, cancellationToken)
                    : SendStoredAsync(context, current, cancellationToken);
                if (await sending == Step.Done)
                {
                    return null;
                }
            }
            catch (StagingException failure) when (failure.Failure == StagingFailure.Missing)
            {
                missing = failure;
            }
            catch (StagingException failure)
            {
                return NamedFileErrors.Staging(failure, maxSize: 0);
            }
        }
    }

    private async Task<Step> SendStagedAsync(HttpContext context, NamedFile version, CancellationToken cancellationToken)
    {
        var size = version.Size;
        var pieces = reading.Staging.ReadAsync(version.Version, size, _sent, cancellationToken);

        // A small file is read completely before its first byte is sent, so the client never sees the loss of its bytes meanwhile.
        var source = size <= WholeBytes ? await CollectAsync(pieces, cancellationToken) : pieces;
        await foreach (var piece in Check(source, version, cancellationToken))
        {
            var flushed = await Begin(context, size).WriteAsync(piece, cancellationToken);
            _sent += piece.Length;
            if (flushed.IsCompleted)
            {
                return Step.Done;
            }
        }

        await EndAsync(context, size, cancellationToken);
        return Step.Done;
    }

    /// <summary>Passes pieces on, the last one only if the SHA-256 of all of them is that of the version.</summary>
    private async IAsyncEnumerable<ReadOnlyMemory<byte>> Check(
        IAsyncEnumerable<ReadOnlyMemory<byte>> pieces, NamedFile version, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var left = version.Size - _sent;
        var isWhole = _sent == 0;
        await foreach (var piece in pieces.WithCancellation(cancellationToken))
        {
            hash.AppendData(piece.Span);
            left -= piece.Length;
            if (left == 0 && isWhole && !Sha256Digest.TakeFrom(hash).Equals(version.Sha256))
            {
                throw new StagingException(
                    StagingFailure.Missing, $"The SHA-256 of staged value {version.Version} does not match the recorded one.");
            }

            yield return piece;
        }
    }

    private static async Task<IAsyncEnumerable<ReadOnlyMemory<byte>>> CollectAsync(
        IAsyncEnumerable<ReadOnlyMemory<byte>> pieces, CancellationToken cancellationToken)
    {
        var all = new List<ReadOnlyMemory<byte>>();
        await foreach (var piece in pieces.WithCancellation(cancellationToken))
        {
            all.Add(piece);
        }

        return all.ToAsyncEnumerable();
    }

    private async Task<Step> SendStoredAsync(HttpContext context, NamedFile version, CancellationToken cancellationToken)
    {
        if (await reading.Files.FindAsync(version.File!.Value, cancellationToken) is not { } file)
        {
            return Step.LookAgain;
        }

        await using var bytes = await reading.Reader.OpenAsync(file, _sent, file.Size - _sent, cancellationToken);
        await bytes.SendAsync(Begin(context, version.Size), cancellationToken);
        await EndAsync(context, version.Size, cancellationToken);
        return Step.Done;
    }

    /// <summary>Writes the JSON before the data, at the first call.</summary>
    private Base64PipeWriter Begin(HttpContext context, long size)
    {
        if (_data is null)
        {
            var response = context.Response;
            response.ContentType = "application/json; charset=utf-8";
            response.ContentLength = _opening.Length + Base64Length(size) + _closing.Length;
            response.GetTypedHeaders().CacheControl = new() { NoCache = true };
            _data = new Base64PipeWriter(response.BodyWriter);
            Write(response.BodyWriter, _opening);
        }

        return _data;
    }

    private async Task EndAsync(HttpContext context, long size, CancellationToken cancellationToken)
    {
        Begin(context, size).WriteEnding();
        Write(context.Response.BodyWriter, _closing);
        await context.Response.BodyWriter.FlushAsync(cancellationToken);
    }

    private ProblemHttpResult Missing(StagingException missing)
    {
        LogMissing(_version!.Version.Value, missing.Message);
        return NamedFileErrors.DamagedStaging();
    }

    private static long Base64Length(long bytes) => (bytes + 2) / 3 * 4;

    private static void Write(PipeWriter writer, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(writer.GetSpan(bytes.Length));
        writer.Advance(bytes.Length);
    }

    [LoggerMessage(LogLevel.Warning, "Aborted the response with version {Version}: {Reason}")]
    private partial void LogAborted(Guid version, string? reason);

    [LoggerMessage(LogLevel.Error, "Version {Version} is missing or damaged in short-term storage: {Reason}")]
    private partial void LogMissing(Guid version, string reason);

    [LoggerMessage(LogLevel.Debug, "The client disconnected after {Sent} bytes of a named file")]
    private partial void LogClientDisconnected(long sent);
}

/// <summary>The services that read a named file.</summary>
internal sealed record NamedFileReading(NamedFileCatalog Catalog, StagingArea Staging, FileCatalog Files, FileReader Reader);
