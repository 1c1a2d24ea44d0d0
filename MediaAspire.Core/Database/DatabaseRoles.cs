namespace MediaAspire.Core.Database;

/// <summary>The roles that are restricted to what a kind of process needs. A role that is <see langword="null"/> is not used.</summary>
/// <param name="Application">The role of API and worker: reads and writes rows, and changes nothing else.</param>
/// <param name="Node">The role of storage nodes: the tables of servers and ring only.</param>
public sealed record DatabaseRoles(DatabaseRole? Application, DatabaseRole? Node)
{
    /// <summary>Gets no roles: every process logs in as the owner.</summary>
    public static DatabaseRoles None { get; } = new(null, null);
}

/// <summary>A role of the database's server.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Password">
/// The password that it gets; <see langword="null"/> for a role that exists and is administered elsewhere.
/// </param>
public sealed record DatabaseRole(string Name, string? Password);
