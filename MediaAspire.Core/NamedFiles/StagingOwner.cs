using MediaAspire.Core.Ids;
using MediaAspire.Core.Staging;
using Npgsql;

namespace MediaAspire.Core.NamedFiles;

/// <summary>Keeps a database from having staged values freed whose rows stand in another one.</summary>
/// <remarks>
/// To a database that does not know them staged values are left-overs, and are freed. So short-term storage belongs to one cluster, and
/// carries its id. One without an id is claimed when nothing can be lost by that: it is empty, or the database knows some of its values.
/// </remarks>
public sealed class StagingOwner(NamedFileCatalog names, StagingArea staging)
{
    private const int SampleSize = 1000;

    private volatile bool _isClaimed;

    /// <summary>Compares short-term storage's cluster with the database's, and claims it when that is safe.</summary>
    /// <returns>Null when values without a row may be freed; otherwise why not, and what to do.</returns>
    /// <exception cref="NpgsqlException">The database did not answer.</exception>
    /// <exception cref="StagingException">Redis did not answer.</exception>
    public async Task<string?> CheckAsync(CancellationToken cancellationToken)
    {
        var owner = await staging.ReadOwnerAsync(cancellationToken);
        var sample = owner is null ? await staging.ListOlderAsync(TimeSpan.Zero, skip: 0, SampleSize, cancellationToken) : [];
        var (database, knowsAny) = await names.IdentifyAsync(sample, cancellationToken);
        if (owner is null && sample.Count > 0 && !knowsAny)
        {
            return $"Short-term storage belongs to no cluster yet, and the database of cluster {database} knows none of its values. "
                + "They stay until it knows one; is this the right database?";
        }

        owner ??= await staging.ClaimAsync(database, cancellationToken);
        return owner == database
            ? null
            : $"Short-term storage belongs to cluster {owner}, but the database is that of cluster {database}. "
                + $"Point ConnectionStrings:media at the database of cluster {owner}, or ConnectionStrings:redis at a Redis of cluster {database}. To give up what is staged, "
                + $"delete the key {StagingArea.OwnerKey} and the staged values in Redis.";
    }

    /// <summary>Claims short-term storage, unless a cluster has, for the database that knows a staged value. Asks once.</summary>
    /// <exception cref="NpgsqlException">The database did not answer.</exception>
    /// <exception cref="StagingException">Redis did not answer.</exception>
    public async Task ClaimByAsync(StagingId staged, CancellationToken cancellationToken)
    {
        if (_isClaimed)
        {
            return;
        }

        var (database, isKnown) = await names.IdentifyAsync([staged], cancellationToken);
        if (isKnown)
        {
            await staging.ClaimAsync(database, cancellationToken);
            _isClaimed = true;
        }
    }
}
