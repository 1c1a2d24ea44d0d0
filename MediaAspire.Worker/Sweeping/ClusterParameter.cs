using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Worker.Sweeping;

/// <summary>
/// The id of the cluster that a server was read from, as a parameter of the statement that decides what is deleted there. Such a statement
/// finds nothing when another database has taken the place of that one meanwhile.
/// </summary>
internal static class ClusterParameter
{
    public static NpgsqlParameter Of(ClusterServer server) => new() { Value = IdOf(server).Value };

    public static ClusterId IdOf(ClusterServer server) =>
        server.Cluster ?? throw new ArgumentException($"Server {server.Name} was not read from a database.", nameof(server));
}
