using System.Collections.Immutable;
using MediaAspire.Core.Database;
using Npgsql;

namespace MediaAspire.Core.Media.Usage;

/// <summary>Counts items and their bytes incrementally. Triggers of the table <c>media</c> record each change.</summary>
/// <remarks>
/// A report is exact as of the moment of its statement. It reads the totals of an owner and the deltas that are not folded yet, so its cost
/// does not depend on the number of items. Folding wakes by an interval: a NOTIFY with each change would make all writers commit one after
/// the other.
/// </remarks>
public sealed class MediaUsageCounter(NpgsqlDataSource database)
{
    private const int Pending = 1;
    private const int Trash = 3;

    /// <summary>Reports the items of an owner.</summary>
    /// <param name="owner">The owner; <see langword="null"/> for all owners.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<MediaUsage> ReportAsync(MediaOwner? owner, CancellationToken cancellationToken)
    {
        // Two texts, so that the plan of the one with an owner uses the indexes.
        await using var command = database.CreateCommand(
            $"""
            SELECT kind, is_public, state, sum(items)::bigint, sum(bytes)::bigint
            FROM (SELECT * FROM media_usage UNION ALL SELECT * FROM media_usage_deltas) AS counted
            {(owner is null ? "" : "WHERE owner = $1")} GROUP BY 1, 2, 3
            """);
        if (owner is { } named)
        {
            command.Parameters.Add(NullableParameter.Text(named.Value));
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var stored = new Dictionary<(MediaKind Kind, bool IsPublic), MediaCount>();
        MediaCount pending = default;
        MediaCount trash = default;
        while (await reader.ReadAsync(cancellationToken))
        {
            var count = new MediaCount(reader.GetInt64(3), reader.GetInt64(4));
            switch (reader.GetInt16(2))
            {
                case Pending:
                    pending += count;
                    break;
                case Trash:
                    trash += count;
                    break;
                default:
                    stored.Add((KindOf(reader.GetString(0)), reader.GetBoolean(1)), count);
                    break;
            }
        }

        return new(Summarize(stored), pending, trash);
    }

    /// <summary>Folds deltas into the totals.</summary>
    /// <param name="most">The most deltas of one transaction.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The number of folded deltas; fewer than <paramref name="most"/> when none are left.</returns>
    public async Task<long> FoldAsync(int most, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT fold_media_usage($1)");
        command.Parameters.Add(new() { Value = most });
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Compares the counters with a full count, corrects them, and deletes totals that are zero.</summary>
    /// <returns>
    /// The correction, as the sum of all differences without their signs. It is 0 unless there is an error in the platform or a change of
    /// its tables by hand.
    /// </returns>
    public async Task<MediaCount> AuditAsync(CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.Timeout = 0;
        batch.BatchCommands.Add(new("SELECT lock_media_audit()"));
        batch.BatchCommands.Add(new("SELECT items, bytes FROM audit_media_usage()"));
        batch.BatchCommands.Add(new("DELETE FROM media_usage WHERE items = 0 AND bytes = 0"));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var drift = new MediaCount(reader.GetInt64(0), reader.GetInt64(1));
        await reader.NextResultAsync(cancellationToken);
        return drift;
    }

    private static ImmutableArray<MediaKindUsage> Summarize(Dictionary<(MediaKind Kind, bool IsPublic), MediaCount> stored)
    {
        var kinds = stored.Keys.Select(key => key.Kind).Distinct().Order().Select(kind =>
        {
            var isPublic = stored.GetValueOrDefault((kind, true));
            return new MediaKindUsage(kind, isPublic + stored.GetValueOrDefault((kind, false)), isPublic);
        });

        // What a total and its deltas cancel out is not there.
        return [.. kinds.Where(kind => kind.Stored != default || kind.Public != default)];
    }

    private static MediaKind KindOf(string name) =>
        MediaKinds.TryParse(name, out var kind) ? kind : throw new InvalidDataException($"Media of unknown kind '{name}' are counted.");
}
