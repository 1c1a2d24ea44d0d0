using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Files;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Core.Uploads;

/// <summary>Reads the bytes of uploads from their pieces.</summary>
internal sealed partial class UploadContent(ContentReader reader, TimeProvider time, ILogger<UploadContent> logger)
{
    private static readonly TimeSpan s_progressInterval = TimeSpan.FromSeconds(30);

    /// <summary>Hashes all bytes of an upload.</summary>
    /// <exception cref="FileUnavailableException">Bytes cannot be read now.</exception>
    public async Task<Sha256Digest> HashAsync(
        UploadSession session, IReadOnlyList<UploadPiece> pieces, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (hashed, reportedAt) = (0L, time.GetTimestamp());
        await ReadAsync(
            session,
            pieces,
            async (source, token) =>
            {
                while (true)
                {
                    var result = await source.ReadAsync(token);
                    foreach (var segment in result.Buffer)
                    {
                        hash.AppendData(segment.Span);
                    }

                    hashed += result.Buffer.Length;
                    source.AdvanceTo(result.Buffer.End);
                    if (time.GetElapsedTime(reportedAt) >= s_progressInterval)
                    {
                        reportedAt = time.GetTimestamp();
                        LogProgress(session.Id, hashed, session.Offset);
                    }

                    if (result.IsCompleted)
                    {
                        return;
                    }
                }
            },
            cancellationToken);
        return hashed == session.Offset
            ? Sha256Digest.Of(hash)
            : throw new InvalidOperationException($"Upload {session.Id} has {hashed} of {session.Offset} bytes.");
    }

    /// <summary>Reads all bytes of an upload.</summary>
    /// <exception cref="FileUnavailableException">Bytes cannot be read now.</exception>
    public async Task ReadAsync(
        UploadSession session,
        IReadOnlyList<UploadPiece> pieces,
        Func<PipeReader, CancellationToken, Task> use,
        CancellationToken cancellationToken)
    {
        var content = new ComposedContent(
            session.Offset, [.. pieces.Select(piece => new ContentPart(piece.File, piece.Offset, piece.Size))]);
        await using var range = await reader.OpenAsync(content, 0, content.Size, cancellationToken);
        var pipe = new Pipe();
        var sending = SendAsync();
        try
        {
            await use(pipe.Reader, cancellationToken);
        }
        finally
        {
            // Ends the sending when the reader has stopped early.
            await pipe.Reader.CompleteAsync();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await sending;

        async Task SendAsync()
        {
            Exception? failure = null;
            try
            {
                await range.SendAsync(pipe.Writer, cancellationToken);
            }
            catch (Exception thrown)
            {
                failure = thrown;
                throw;
            }
            finally
            {
                await pipe.Writer.CompleteAsync(failure);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "Hashed {Hashed} of {Size} bytes of upload {UploadId}")]
    private partial void LogProgress(Ids.UploadSessionId uploadId, long hashed, long size);
}
