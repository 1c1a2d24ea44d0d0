using MediaAspire.Core.Ids;
using MediaAspire.Core.Staging;
using Npgsql;

namespace MediaAspire.Core.NamedFiles;

/// <summary>Protects staged values from a database that does not know them, because their rows are in another one.</summary>
/// <remarks>
/// A database treats staged values that it does not know as left-overs, and has them freed. So one cluster owns short-term storage, which
/// carries its id. Storage without an id gets one when nothing can be lost: it is empty, or the database knows some of its values.
/// </remarks>
public sealed class StagingOwner(NamedFileCatalog names, StagingArea staging)
{
    private const int SampleSize = 1000;

    private volatile bool _isEnsured;

    /// <summary>Compares the cluster that owns short-term storage with the database's, and makes that the owner when it is safe.</summary>
    /// <returns>Null when values without a row may be freed; otherwise the reason why they may not, and the remedy.</returns>
    /// <exception cref="NpgsqlException">The database did not answer.</exception>
    /// <exception cref="StagingException">Redis did not answer.</exception>
    public async Task<string?> CheckAsync(CancellationToken cancellationToken)
    {
        var owner = await staging.ReadOwnerAsync(cancellationToken);
        var sample = owner is null ? await staging.ListOlderAsync(TimeSpan.Zero, skip: 0, SampleSize, cancellationToken) : [];
        var (database, knowsAny) = await names.IdentifyAsync(sample, cancellationToken);
        if (owner is null && sample.Count > 0 && !knowsAny)
        {
            return $"No cluster owns short-term storage yet, and the database of cluster {database} knows none of its values. "
                + "The values are kept until it knows one; check that this is the right database.";
        }

        owner ??= await staging.SetOwnerAsync(database, cancellationToken);
        return owner == database
            ? null
            : $"Short-term storage belongs to cluster {owner}, but the database to cluster {database}. "
                + $"Point ConnectionStrings:media at the database of cluster {owner}, "
                + $"or ConnectionStrings:redis at a Redis of cluster {database}. To discard the staged values, "
                + $"delete the key {StagingArea.OwnerKey} and the staged values in Redis.";
    }

    /// <summary>Makes the database's cluster the owner of short-term storage without an owner, if the database knows a value.</summary>
    /// <exception cref="NpgsqlException">The database did not answer.</exception>
    /// <exception cref="StagingException">Redis did not answer.</exception>
    public async Task EnsureAsync(StagingId staged, CancellationToken cancellationToken)
    {
        if (_isEnsured)
        {
            return;
        }

        var (database, isKnown) = await names.IdentifyAsync([staged], cancellationToken);
        if (isKnown)
        {
            await staging.SetOwnerAsync(database, cancellationToken);
            _isEnsured = true;
        }
    }
}
