namespace MediaAspire.AppHost.Security;

/// <summary>The settings <c>Cluster:Tls</c>, with which the processes of the cluster call each other over TLS.</summary>
internal static class ClusterTls
{
    private const string Section = "Cluster:Tls";

    /// <summary>Refuses to run a graph with certificates: its endpoints and its checks of the nodes are without TLS.</summary>
    /// <exception cref="DistributedApplicationException">The graph runs, and has certificates.</exception>
    public static void RefuseToRunWithClusterTls(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsRunMode
            && builder.Configuration.GetSection(Section).GetChildren().Any(setting => !string.IsNullOrEmpty(setting.Value)))
        {
            throw new DistributedApplicationException(
                $"{Section} is set, but a graph on one machine runs without TLS between its processes: they listen on the loopback "
                + "interface only. Remove the settings here, and set them where the processes are deployed.");
        }
    }
}
