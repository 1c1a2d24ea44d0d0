using System.Runtime.CompilerServices;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Images;
using MediaAspire.Core.ObjectStore;
using Npgsql;

namespace MediaAspire.Core.Media.Uploads;

/// <summary>Compares the catalog and the images with the object store in both directions, page by page, and repairs what differs.</summary>
/// <remarks>
/// Both sides change meanwhile, so nothing is decided by the pages: an orphan is old and unknown to the transaction that schedules its
/// deletion, and a missing object is asked for again.
/// </remarks>
public sealed class ObjectAudit(
    NpgsqlDataSource database, IMediaStore store, IObjectStore objects, ObjectDeletions deletions, TimeProvider time)
{
    public const string MissingCode = "object-missing";

    private const int PageSize = 1000;
    private const int Examples = 100;

    // The beginnings of the keys, and the statements that list the rows of each.
    private static readonly (string Prefix, string Catalog)[] s_sides =
    [
        (ObjectKeys.Prefix,
            "SELECT object_key, state = 'stored' FROM media_objects WHERE object_key > $1 ORDER BY object_key LIMIT $2"),
        (ImageKeys.Prefix, "SELECT object_key, true FROM image_blobs WHERE object_key > $1 ORDER BY object_key LIMIT $2"),
    ];

    /// <summary>Runs an audit.</summary>
    /// <param name="grace">The age at which an object that nothing refers to is an orphan.</param>
    /// <param name="isDryRun">A value indicating whether nothing is changed.</param>
    /// <param name="report">Receives the findings so far after each page.</param>
    /// <param name="cancellationToken">Ends the run; what it has repaired stays so.</param>
    public async Task<AuditFindings> RunAsync(
        TimeSpan grace, bool isDryRun, Action<AuditFindings> report, CancellationToken cancellationToken)
    {
        var run = new AuditRun(isDryRun, time.GetUtcNow() - grace, report);
        foreach (var (prefix, catalog) in s_sides)
        {
            await CompareAsync(run, prefix, catalog, cancellationToken);
            await foreach (var upload in ListUploadsAsync(prefix, cancellationToken))
            {
                run.Unknown(upload);
                if (run.IsPageFull(PageSize))
                {
                    await SettleAsync(run, cancellationToken);
                }
            }
        }

        await SettleAsync(run, cancellationToken);
        if (!isDryRun)
        {
            run.Restored(await RestoreAsync(cancellationToken));
        }

        return run.Findings;
    }

    private async Task CompareAsync(AuditRun run, string prefix, string catalog, CancellationToken cancellationToken)
    {
        await using var listed = ListObjectsAsync(prefix, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var known = ListCatalogAsync(catalog, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var hasListed = await listed.MoveNextAsync();
        var hasKnown = await known.MoveNextAsync();
        while (hasListed || hasKnown)
        {
            var order = !hasListed ? 1 : !hasKnown ? -1 : string.CompareOrdinal(listed.Current.Key, known.Current.Key);
            if (order < 0)
            {
                run.Unknown(listed.Current);
            }
            else if (order > 0 && known.Current.IsStored)
            {
                run.NotListed(known.Current.Key);
            }

            if (order <= 0)
            {
                run.CountListed();
                hasListed = await listed.MoveNextAsync();
            }

            if (order >= 0)
            {
                run.CountKnown();
                hasKnown = await known.MoveNextAsync();
            }

            if (run.IsPageFull(PageSize))
            {
                await SettleAsync(run, cancellationToken);
            }
        }
    }

    private async Task SettleAsync(AuditRun run, CancellationToken cancellationToken)
    {
        var (unknown, unlisted) = run.TakePage();
        if (unknown.Count > 0)
        {
            var orphanKeys = await deletions.FindUnknownAsync([.. unknown.Select(each => each.Deletion.Key)], cancellationToken);
            var orphans = unknown.Where(each => orphanKeys.Contains(each.Deletion.Key)).ToList();
            run.Orphans(orphans, Examples);
            if (!run.IsDryRun && orphans.Count > 0)
            {
                await deletions.ScheduleAsync([.. orphans.Select(each => each.Deletion)], cancellationToken);
            }
        }

        foreach (var key in unlisted)
        {
            if (await objects.HeadAsync(key, cancellationToken) is not null)
            {
                continue;
            }

            if (await FindItemsAsync(key, cancellationToken) is { Count: > 0 } items)
            {
                run.Missing(key, Examples, run.IsDryRun ? 0 : await FailAsync(items, key, cancellationToken));
            }
            else if (await HasBlobAsync(key, cancellationToken))
            {
                // Images are not marked: their readers are told, and POST /admin/images/prune-missing removes them.
                run.Missing(key, Examples, failedItems: 0);
            }
        }

        run.Report();
    }

    /// <returns>The number of items that were ready and are failed now.</returns>
    private async Task<int> FailAsync(IReadOnlyList<MediaId> items, string key, CancellationToken cancellationToken)
    {
        var outcome = await store.ChangeAsync(
            items,
            set =>
            {
                var failed = set.Items.Values
                    .Where(item => item.Status == MediaStatus.Ready && item.Parts.Any(part => part.ObjectKey == key))
                    .Select(item => item with
                    {
                        Status = MediaStatus.Failed,
                        Failure = new MediaFailure(
                            MissingCode,
                            $"The object store no longer has the object '{key}' of this item.",
                            (item.Failure?.Count ?? 0) + 1),
                    });
                return new MediaDecision<bool>(true) { Changed = [.. failed] };
            },
            cancellationToken);
        return outcome.Written.Length;
    }

    /// <summary>Makes items ready again whose objects came back, for example when an operator has restored the bucket.</summary>
    private async Task<int> RestoreAsync(CancellationToken cancellationToken)
    {
        var restored = 0;
        foreach (var id in await ReadIdsAsync(
            "SELECT media_id FROM media WHERE error_code = $1 AND removed_at IS NULL LIMIT 1000", MissingCode, cancellationToken))
        {
            if (await store.FindAsync(id, cancellationToken) is not { } item || await IsIncompleteAsync(item, cancellationToken))
            {
                continue;
            }

            var outcome = await store.ChangeAsync(
                [id],
                set => set.Find(id) is { Status: MediaStatus.Failed, Failure.Code: MissingCode } failed
                    ? new MediaDecision<bool>(true) { Changed = [failed with { Status = MediaStatus.Ready, Failure = null }] }
                    : new MediaDecision<bool>(false),
                cancellationToken);
            restored += outcome.Written.Length;
        }

        return restored;
    }

    private async Task<bool> IsIncompleteAsync(MediaItem item, CancellationToken cancellationToken)
    {
        foreach (var part in item.Parts)
        {
            if (await objects.HeadAsync(part.ObjectKey, cancellationToken) is not { } found || found.Length != part.Size)
            {
                return true;
            }
        }

        return false;
    }

    private Task<List<MediaId>> FindItemsAsync(string key, CancellationToken cancellationToken) => ReadIdsAsync(
        """
        SELECT p.media_id FROM media_objects o JOIN media_parts p USING (object_key)
            WHERE o.object_key = $1 AND o.state = 'stored' LIMIT 1000
        """,
        key,
        cancellationToken);

    private async Task<bool> HasBlobAsync(string key, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT EXISTS (SELECT FROM image_blobs WHERE object_key = $1)");
        command.Parameters.Add(new() { Value = key });
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private async Task<List<MediaId>> ReadIdsAsync(string sql, string parameter, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = parameter });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<MediaId>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(new MediaId(reader.GetGuid(0)));
        }

        return ids;
    }

    private async IAsyncEnumerable<ListedObject> ListObjectsAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ObjectPage page;
        string? after = null;
        do
        {
            page = await objects.ListAsync(prefix, after, PageSize, cancellationToken);
            foreach (var listed in page.Objects)
            {
                yield return listed;
                after = listed.Key;
            }
        }
        while (!page.IsLast && page.Objects.Count > 0);
    }

    private async IAsyncEnumerable<PendingUpload> ListUploadsAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<PendingUpload> page;
        PendingUpload? after = null;
        do
        {
            page = await objects.ListMultipartAsync(prefix, after, PageSize, cancellationToken);
            foreach (var upload in page)
            {
                yield return upload;
                after = upload;
            }
        }
        while (page.Count == PageSize);
    }

    private async IAsyncEnumerable<(string Key, bool IsStored)> ListCatalogAsync(
        string catalog, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var page = new List<(string Key, bool IsStored)>();
        do
        {
            await using var command = database.CreateCommand(catalog);
            command.Parameters.Add(new() { Value = page.Count == 0 ? "" : page[^1].Key });
            command.Parameters.Add(new() { Value = PageSize });
            page = [];
            await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
            {
                while (await reader.ReadAsync(cancellationToken))
                {
                    page.Add((reader.GetString(0), reader.GetBoolean(1)));
                }
            }

            foreach (var row in page)
            {
                yield return row;
            }
        }
        while (page.Count == PageSize);
    }
}
