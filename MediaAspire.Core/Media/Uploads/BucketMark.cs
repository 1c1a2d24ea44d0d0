using System.Text;
using MediaAspire.Core.ObjectStore;
using Npgsql;

namespace MediaAspire.Core.Media.Uploads;

/// <summary>The mark by which a platform knows its bucket.</summary>
/// <remarks>
/// Two platforms with one bucket would take each other's objects for orphans. So the first to audit a bucket puts its cluster's id there,
/// and no other one audits it.
/// </remarks>
public sealed class BucketMark(NpgsqlDataSource database, IObjectStore store)
{
    /// <summary>The key of the mark.</summary>
    public const string Key = ObjectKeys.Prefix + ".cluster";

    private const int LongestMark = 100;

    /// <summary>Checks that the bucket belongs to this platform; marks a bucket that belongs to none.</summary>
    /// <returns>The reason why the bucket must not be audited, and what to do; <see langword="null"/> for none.</returns>
    public async Task<string?> CheckAsync(CancellationToken cancellationToken)
    {
        var (cluster, wasAudited) = await FindClusterAsync(cancellationToken);
        var mark = await ReadAsync(cancellationToken);
        if (mark is null && wasAudited)
        {
            // Another bucket, or an empty one: every item would be marked as failed.
            return $"Bucket '{store.Bucket}' has lost the object '{Key}', so it is not the bucket that was audited before. Check the "
                + $"connection string s3. If the bucket was replaced on purpose, put the text '{cluster}' as that object.";
        }

        if (mark is null)
        {
            await store.PutAsync(Key, Encoding.ASCII.GetBytes(cluster), "text/plain", cancellationToken);
            mark = await ReadAsync(cancellationToken);
        }

        return mark == cluster
            ? null
            : $"Bucket '{store.Bucket}' belongs to cluster '{mark}', not to '{cluster}', according to its object '{Key}'. Give each "
                + "platform a bucket of its own.";
    }

    private async Task<(string Cluster, bool WasAudited)> FindClusterAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT cluster_id::text, EXISTS (SELECT FROM media_audits WHERE state = 'done') FROM cluster");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? (reader.GetString(0), reader.GetBoolean(1))
            : throw new InvalidOperationException("The database has no cluster id: its table 'cluster' is empty.");
    }

    private async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        await using var content = await store.OpenReadAsync(Key, new ObjectRange(0, LongestMark), cancellationToken);
        if (content is null)
        {
            return null;
        }

        using var reader = new StreamReader(content, Encoding.ASCII);
        return (await reader.ReadToEndAsync(cancellationToken)).Trim();
    }
}
