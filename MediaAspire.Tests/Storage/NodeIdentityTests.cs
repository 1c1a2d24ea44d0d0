using MediaAspire.Storage;
using MediaAspire.Storage.Membership;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Storage;

public sealed class NodeIdentityTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Claim_SecondTime_KeepsTheId()
    {
        using var first = Make();
        first.Claim();
        var id = first.Id;
        first.Dispose();
        using var second = Make();

        second.Claim();

        Assert.Equal(id, second.Id);
        Assert.NotEqual(Guid.Empty, id.Value);
    }

    [Fact]
    public void Claim_DirectoryOfALivingNode_SaysWhichDirectory()
    {
        using var first = Make();
        first.Claim();
        using var second = Make();

        var error = Assert.Throws<DataDirectoryException>(second.Claim);

        Assert.Contains(_directory.Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Claim_IdUnreadable_RefusesRatherThanTakeAnother()
    {
        File.WriteAllText(Path.Combine(_directory.Path, "server_id"), "garbage");
        using var identity = Make();

        Assert.Throws<DataDirectoryException>(identity.Claim);
    }

    [Fact]
    public void Id_BeforeClaim_Throws()
    {
        using var identity = Make();

        Assert.Throws<InvalidOperationException>(() => identity.Id);
    }

    private NodeIdentity Make() => new(Options.Create(new StorageOptions { DataDirectory = _directory.Path }), TimeProvider.System);
}
