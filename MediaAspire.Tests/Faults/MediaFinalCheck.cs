using Amazon.S3.Model;
using MediaAspire.Core.Media.Uploads;
using MediaAspire.Core.ObjectStore;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Faults;

/// <summary>Checks the media catalog and the object store once the cluster has recovered.</summary>
internal sealed class MediaFinalCheck(
    CampaignGraph graph, string key, string bucketName, S3Bucket bucket, CampaignModel model, MediaProbe probe, ClusterState cluster,
    CampaignLog log) : IDisposable
{
    private readonly HttpClient _http = new()
    {
        BaseAddress = graph.ApiAddress,
        Timeout = TimeSpan.FromMinutes(1),
        DefaultRequestHeaders = { { TestApiKey.Header, key } },
    };

    private readonly HttpClient _store = new() { Timeout = TimeSpan.FromMinutes(1) };

    public void Dispose()
    {
        _http.Dispose();
        _store.Dispose();
    }

    /// <summary>Adds what is still under way in the catalog to the complaints.</summary>
    public async Task AddUnsettledAsync(List<string> complaints, CancellationToken cancellationToken)
    {
        await cluster.AddAsync(
            complaints, "{0} items are not processed", "SELECT count(*) FROM media WHERE status IN (2, 4)", cancellationToken);
        await cluster.AddAsync(
            complaints, "{0} objects await their deletion", "SELECT count(*) FROM media_object_deletions WHERE due_at < now()",
            cancellationToken);
        await cluster.AddAsync(
            complaints, "{0} objects belong to no part",
            """
            SELECT count(*) FROM media_objects o
            WHERE NOT EXISTS (SELECT FROM media_parts p WHERE p.object_key = o.object_key)
            """, cancellationToken);

        var known = await ListKnownAsync(cancellationToken);
        var stored = await ListStoredAsync(cancellationToken);
        Add(complaints, "stored objects are not in the store", known.Where(entry => entry.Value).Select(entry => entry.Key).Except(stored));
        Add(complaints, "objects in the store are unknown", stored.Except(known.Keys));
        foreach (var media in model.Media.Where(media => media.State == MediaState.Sent))
        {
            if (await probe.ReadAsync(_http, _store, media) != ProbeOutcome.Whole)
            {
                complaints.Add($"{media} is not whole");
            }
        }
    }

    /// <summary>Compares every item with the model.</summary>
    public Task CheckAsync(ParallelOptions readers) =>
        Parallel.ForEachAsync(model.Media.OrderBy(media => media.Number), readers, async (media, _) =>
        {
            var outcome = await probe.ReadAsync(_http, _store, media);
            log.Count($"media at the end, {media.State}", outcome.Name);
            if (outcome != ProbeOutcome.Whole && outcome != ProbeOutcome.Gone && outcome != MediaProbe.Pending)
            {
                throw new CampaignViolationException(
                    $"{media} cannot be read though every process is up: {outcome.Name} {outcome.Detail}. "
                    + $"{await probe.DescribeAsync(media)}");
            }
        });

    private static void Add(List<string> complaints, string what, IEnumerable<string> keys)
    {
        if (keys.ToList() is { Count: > 0 } found)
        {
            complaints.Add($"{found.Count} {what}, such as {found[0]}");
        }
    }

    private async Task<Dictionary<string, bool>> ListKnownAsync(CancellationToken cancellationToken)
    {
        await using var command = graph.Database.CreateCommand(
            """
            SELECT object_key, state = 'stored' FROM media_objects
            UNION ALL SELECT object_key, false FROM media_object_deletions
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var known = new Dictionary<string, bool>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            known[reader.GetString(0)] = reader.GetBoolean(1);
        }

        return known;
    }

    private async Task<HashSet<string>> ListStoredAsync(CancellationToken cancellationToken)
    {
        var stored = new HashSet<string>(StringComparer.Ordinal);
        var pages = bucket.Client.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = bucketName });
        await foreach (var entry in pages.S3Objects.WithCancellation(cancellationToken))
        {
            if (entry.Key != BucketMark.Key)
            {
                stored.Add(entry.Key);
            }
        }

        return stored;
    }

    /// <summary>Gets the name of the bucket of a connection string.</summary>
    public static string BucketOf(string connectionString) =>
        ObjectStoreConnection.TryParse(connectionString, out var connection, out var error)
            ? connection.Bucket
            : throw new ArgumentException(error, nameof(connectionString));
}
