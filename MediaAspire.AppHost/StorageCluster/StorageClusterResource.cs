namespace MediaAspire.AppHost.StorageCluster;

/// <summary>The chunk nodes as one resource, without a process of its own.</summary>
/// <param name="name">Resource name; nodes are called <c>name-1</c>, <c>name-2</c> and so on.</param>
/// <param name="token">The secret by which the processes of the cluster authenticate to each other.</param>
public sealed class StorageClusterResource(string name, ParameterResource token) : Resource(name)
{
    private readonly List<IResourceBuilder<ProjectResource>> _nodes = [];

    /// <summary>The nodes, in the order of their numbers.</summary>
    public IReadOnlyList<IResourceBuilder<ProjectResource>> Nodes => _nodes;

    /// <summary>The secret by which the processes of the cluster authenticate to each other.</summary>
    public ParameterResource Token { get; } = token;

    internal void Add(IResourceBuilder<ProjectResource> node) => _nodes.Add(node);
}
