using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Core.NamedFiles;

/// <summary>The name of a file. Each owner has client ids of its own, so nobody can take or detect those of another owner.</summary>
/// <param name="Owner">The owner; <see langword="null"/> for the client ids that belong to no owner.</param>
/// <param name="ClientId">The owner's client.</param>
/// <param name="Name">The client's name for the file.</param>
public sealed record NamedFileKey(OwnerId? Owner, string ClientId, string Name)
{
    /// <summary>Adds the parameters for owner_id, client_id and name.</summary>
    internal void AddTo(NpgsqlParameterCollection parameters)
    {
        parameters.Add(new() { Value = Owner?.Value ?? "" });
        parameters.Add(new() { Value = ClientId });
        parameters.Add(new() { Value = Name });
    }
}
