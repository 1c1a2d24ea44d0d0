using MediaAspire.Core.ObjectStore;

namespace MediaAspire.Core.Media.Uploads;

/// <summary>The progress of an audit: a page of suspects, and the findings so far.</summary>
/// <param name="isDryRun">A value indicating whether nothing is changed.</param>
/// <param name="oldBefore">The time before which an object is old enough to be an orphan.</param>
/// <param name="report">Receives the findings so far.</param>
internal sealed class AuditRun(bool isDryRun, DateTimeOffset oldBefore, Action<AuditFindings> report)
{
    private readonly List<Orphan> _unknown = [];
    private readonly List<string> _notListed = [];

    public bool IsDryRun => isDryRun;

    public AuditFindings Findings { get; private set; } = new();

    public bool IsPageFull(int size) => _unknown.Count >= size || _notListed.Count >= size;

    public void CountListed() => Findings = Findings with { Objects = Findings.Objects + 1 };

    public void CountKnown() => Findings = Findings with { CatalogObjects = Findings.CatalogObjects + 1 };

    /// <summary>Notes an object that the catalog does not have.</summary>
    public void Unknown(ListedObject listed)
    {
        if (!ObjectKeys.IsOurs(listed.Key))
        {
            if (listed.Key != BucketMark.Key)
            {
                Findings = Findings with { Foreign = Findings.Foreign + 1 };
            }
        }
        else if (listed.LastModified < oldBefore)
        {
            _unknown.Add(new Orphan(new ObjectDeletion(listed.Key, MultipartId: null), listed.Length));
        }
    }

    /// <summary>Notes an upload in parts, which the catalog may have.</summary>
    public void Unknown(PendingUpload upload)
    {
        if (upload.BegunAt < oldBefore && ObjectKeys.IsOurs(upload.Key))
        {
            _unknown.Add(new Orphan(new ObjectDeletion(upload.Key, upload.UploadId), Length: 0));
        }
    }

    /// <summary>Notes a verified object of the catalog that the listing does not have.</summary>
    public void NotListed(string key) => _notListed.Add(key);

    public (IReadOnlyList<Orphan> Unknown, IReadOnlyList<string> NotListed) TakePage()
    {
        var page = (_unknown.ToArray(), _notListed.ToArray());
        _unknown.Clear();
        _notListed.Clear();
        return page;
    }

    public void Orphans(IReadOnlyList<Orphan> orphans, int examples) => Findings = Findings with
    {
        Orphans = Findings.Orphans + orphans.Count,
        OrphanBytes = Findings.OrphanBytes + orphans.Sum(orphan => orphan.Length),
        OrphanKeys = [.. Findings.OrphanKeys.Concat(orphans.Select(orphan => orphan.Deletion.Key)).Take(examples)],
    };

    public void Missing(string key, int examples, int failedItems) => Findings = Findings with
    {
        Missing = Findings.Missing + 1,
        FailedItems = Findings.FailedItems + failedItems,
        MissingKeys = [.. Findings.MissingKeys.Append(key).Take(examples)],
    };

    public void Restored(int items) => Findings = Findings with { RestoredItems = items };

    public void Report() => report(Findings);
}

/// <summary>An object that nothing may refer to.</summary>
/// <param name="Deletion">The object.</param>
/// <param name="Length">Bytes.</param>
internal sealed record Orphan(ObjectDeletion Deletion, long Length);
