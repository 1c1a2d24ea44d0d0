using MediaAspire.Core.Checksums;
using MediaAspire.Core.Ids;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Files;

/// <summary>The rows of files that are written down once, when their only chunk is on its servers.</summary>
public sealed partial class FileCatalog
{
    // Raised by admit_chunk().
    private const string NotAdmitted = "MA001";

    /// <summary>Makes a file of at most one chunk visible: all its rows in one transaction and one round trip.</summary>
    /// <param name="id">The file's id.</param>
    /// <param name="file">What was known of it before its bytes.</param>
    /// <param name="sha256">The SHA-256 of its bytes.</param>
    /// <param name="chunk">Its chunk, and the servers that failed to take it.</param>
    /// <param name="copies">How many copies the chunk should have; with fewer it is put on repair's list in the same transaction.</param>
    /// <param name="condition">The condition that has to be met in the same transaction; <see langword="null"/> for none.</param>
    /// <param name="mayBeVisible">
    /// Told true before the commit is sent: when this fails afterwards, nobody can say whether the file is visible. Told false when the server
    /// has answered that it is not.
    /// </param>
    /// <param name="cancellationToken">Ends the call.</param>
    internal async Task<Completion> StoreAsync(
        FileId id,
        NewFile file,
        Sha256Digest sha256,
        StoredShortChunk chunk,
        int copies,
        CommitCondition? condition,
        Action<bool> mayBeVisible,
        CancellationToken cancellationToken)
    {
        // Statements that are sent together are one transaction by themselves.
        await using var batch = dataSource.CreateBatch();
        batch.BatchCommands.Add(StoreShortFile(id, file, sha256, chunk, copies));
        AddEndangered(batch, [chunk.Written], copies);
        if (condition is not null)
        {
            batch.BatchCommands.Add(condition.Statement);
        }

        mayBeVisible(true);
        try
        {
            return new(CompletionOutcome.Completed, await RunAsync(batch, cancellationToken));
        }
        catch (Exception failure) when (Refusal(failure) is { } refusal)
        {
            mayBeVisible(false);
            if (refusal.SqlState == NotAdmitted)
            {
                return new(CompletionOutcome.SessionLost, default);
            }

            if (condition?.IsUnmetBy(refusal) == true)
            {
                return new(CompletionOutcome.ConditionUnmet, default);
            }

            throw;
        }
    }

    /// <summary>Gets the server's answer that it has undone the transaction, if a failure is that.</summary>
    /// <remarks>An ERROR ends the transaction. What is worse ends the connection, and may come when the transaction is committed already.</remarks>
    private static PostgresException? Refusal(Exception failure) =>
        (failure as PostgresException ?? failure.InnerException as PostgresException) is { InvariantSeverity: "ERROR" } refusal ? refusal : null;

    private static NpgsqlBatchCommand StoreShortFile(FileId id, NewFile file, Sha256Digest sha256, StoredShortChunk chunk, int copies)
    {
        var written = chunk.Written;
        return new("SELECT store_short_file($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
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
            },
        };
    }

    private static NpgsqlParameter<Guid[]> Servers(IReadOnlyList<ServerId> servers) =>
        new() { TypedValue = [.. servers.Select(server => server.Value)] };

    /// <summary>Runs the statements; the first one tells when the file was complete.</summary>
    private static async Task<DateTimeOffset> RunAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var completedAt = reader.GetFieldValue<DateTimeOffset>(0);

        // A later one that fails says so when its result is come to.
        while (await reader.NextResultAsync(cancellationToken))
        {
        }

        return completedAt;
    }
}

/// <summary>The only chunk of a file, on stable storage.</summary>
/// <param name="Written">The chunk and the servers that acknowledged it.</param>
/// <param name="FirstChoice">The server that the placement chose first.</param>
/// <param name="Failed">Servers that were sent the chunk and did not acknowledge it.</param>
internal sealed record StoredShortChunk(WrittenChunk Written, ServerId FirstChoice, IReadOnlyList<ServerId> Failed);
