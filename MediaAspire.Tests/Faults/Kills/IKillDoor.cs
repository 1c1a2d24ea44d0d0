namespace MediaAspire.Tests.Faults.Kills;

/// <summary>A way to upload while processes are killed.</summary>
internal interface IKillDoor
{
    string Name { get; }

    /// <summary>Stores bytes, and repeats what was lost until all of them are acknowledged.</summary>
    /// <returns>Reads them; <see langword="null"/> when the read was lost.</returns>
    Task<Func<Task<byte[]?>>> StoreAsync(byte[] bytes, Random random);
}
