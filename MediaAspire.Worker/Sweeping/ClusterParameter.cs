using MediaAspire.Core.Cluster;
using Npgsql;

namespace MediaAspire.Worker.Sweeping;

/// <summary>
/// The id of the cluster that a server was read from, as a parameter of the statement that decides what is deleted there. Such a statement
/// finds nothing when another database has taken the place of that one meanwhile.
/// </summary>
internal static class ClusterParameter
{
    public static NpgsqlParameter Of(ClusterServer server) => server.Cluster is { } cluster
        ? new() { Value = cluster.Value }
        : throw new ArgumentException($"Server {server.Name} was not read from a database.", nameof(server));
}
