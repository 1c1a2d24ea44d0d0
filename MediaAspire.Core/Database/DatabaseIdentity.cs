using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Core.Database;

/// <summary>Reads the identity of the cluster that the database belongs to.</summary>
internal static class DatabaseIdentity
{
    /// <summary>Reads the identity, and tells whether the database knows any of the given ids.</summary>
    /// <remarks>One statement: both results come from the same database, even when another database replaces it meanwhile.</remarks>
    /// <param name="database">The database.</param>
    /// <param name="known">A query for rows that are known, with the ids as <c>$1</c>.</param>
    /// <param name="ids">The ids.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    /// <exception cref="NpgsqlException">The database did not answer, refused, or has lost its identity.</exception>
    public static async Task<(ClusterId Cluster, bool KnowsAny)> IdentifyAsync(
        this NpgsqlDataSource database, string known, IEnumerable<Guid> ids, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT cluster_id, EXISTS ({known}) FROM cluster");
        command.Parameters.Add(new() { Value = ids.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? (new ClusterId(reader.GetGuid(0)), reader.GetBoolean(1))
            : throw new NpgsqlException(
                "The database has no cluster id: its table 'cluster' is empty. Insert the id that the nodes' disks carry.");
    }
}
