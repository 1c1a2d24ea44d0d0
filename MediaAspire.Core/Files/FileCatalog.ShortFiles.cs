using MediaAspire.Core.Checksums;
using MediaAspire.Core.Database;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Quotas;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Files;

/// <summary>The rows of short files, which are recorded once, after their only chunk is on its servers.</summary>
public sealed partial class FileCatalog
{
    // Raised by admit_chunk().
    private const string NotAdmitted = "MA001";

    /// <summary>Makes a file of at most one chunk visible: all its rows in one transaction and one round trip.</summary>
    /// <param name="id">The file's id.</param>
    /// <param name="file">Its name, type and holders.</param>
    /// <param name="sha256">The SHA-256 of its bytes.</param>
    /// <param name="chunk">Its chunk, and the servers that did not acknowledge it.</param>
    /// <param name="copies">The number of copies wanted. With fewer, the chunk is listed for repair in the same transaction.</param>
    /// <param name="condition">The condition that has to be met in the same transaction; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>
    /// The outcome; <see cref="CompletionOutcome.Unknown"/> when the call failed after the commit was sent. A call that throws has made
    /// nothing visible.
    /// </returns>
    internal async Task<Completion> StoreAsync(
        FileId id,
        NewFile file,
        Sha256Digest sha256,
        StoredShortChunk chunk,
        int copies,
        CommitCondition? condition,
        CancellationToken cancellationToken)
    {
        var isCommitSent = false;
        try
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);

            // Statements that are sent together form one transaction.
            await using var batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(StoreShortFile(id, file, sha256, chunk, copies));
            AddEndangered(batch, [chunk.Written], copies);
            condition?.AddTo(batch);

            isCommitSent = true;
            try
            {
                return new(CompletionOutcome.Completed, await RunAsync(batch, cancellationToken));
            }
            catch (Exception failure) when (Refusal(failure) is { } refusal)
            {
                isCommitSent = false;
                if (refusal.SqlState == NotAdmitted)
                {
                    return new(CompletionOutcome.SessionLost, default);
                }

                if (QuotaRefusal.From(refusal) is { } quota)
                {
                    return new(CompletionOutcome.QuotaExceeded, default) { Refusal = quota };
                }

                if (condition?.IsUnmetBy(refusal) == true)
                {
                    return new(CompletionOutcome.ConditionUnmet, default);
                }

                throw;
            }
        }
        catch (Exception failure) when (isCommitSent)
        {
            // Closing the connection can fail too, so this encloses all of it.
            return new(CompletionOutcome.Unknown, default) { Failure = failure };
        }
    }

    /// <summary>Gets the error by which the server has rolled the transaction back; <see langword="null"/> for other failures.</summary>
    /// <remarks>
    /// An ERROR rolls the transaction back. A worse one ends the connection, possibly after the transaction was committed.
    /// </remarks>
    private static PostgresException? Refusal(Exception failure) =>
        (failure as PostgresException ?? failure.InnerException as PostgresException) is { InvariantSeverity: "ERROR" } refusal
            ? refusal
            : null;

    private static NpgsqlBatchCommand StoreShortFile(FileId id, NewFile file, Sha256Digest sha256, StoredShortChunk chunk, int copies)
    {
        var written = chunk.Written;
        return new("SELECT store_short_file($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)")
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = id.Value },
                new NpgsqlParameter<string> { TypedValue = file.Filename },
                new NpgsqlParameter<string> { TypedValue = file.ContentType },
                new NpgsqlParameter<int> { TypedValue = copies },
                new() { Value = (object?)file.Holders ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer },
                new() { Value = sha256.Bytes },
                new NpgsqlParameter<long> { TypedValue = written.Size },
                new NpgsqlParameter<Guid> { TypedValue = written.Id.Value },
                new() { Value = written.Sha256.Bytes },
                new NpgsqlParameter<Guid> { TypedValue = chunk.FirstChoice.Value },
                Servers(written.Servers),
                Servers(chunk.Failed),
                NullableParameter.Text(file.Owner?.Value),
            },
        };
    }

    private static NpgsqlParameter<Guid[]> Servers(IReadOnlyList<ServerId> servers) =>
        new() { TypedValue = [.. servers.Select(server => server.Value)] };

    /// <summary>Runs the statements.</summary>
    /// <returns>The time of completion, from the first statement.</returns>
    private static async Task<DateTimeOffset> RunAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var completedAt = reader.GetFieldValue<DateTimeOffset>(0);

        // The failure of a later statement is thrown when its result is reached.
        while (await reader.NextResultAsync(cancellationToken))
        {
        }

        return completedAt;
    }
}

/// <summary>The only chunk of a file, on stable storage.</summary>
/// <param name="Written">The chunk and the servers that acknowledged it.</param>
/// <param name="FirstChoice">The server that the placement chose first.</param>
/// <param name="Failed">The servers that received the chunk and did not acknowledge it.</param>
internal sealed record StoredShortChunk(WrittenChunk Written, ServerId FirstChoice, IReadOnlyList<ServerId> Failed);
