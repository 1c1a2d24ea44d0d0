using MediaAspire.Storage.Membership;

namespace MediaAspire.Tests.Storage;

public sealed class NodeAddressTests
{
    [Theory]
    [InlineData("http://localhost:5001", "http://127.0.0.1:5001/")]
    [InlineData("http://127.0.0.1:5001", "http://127.0.0.1:5001/")]
    [InlineData("http://10.1.2.3:5001", "http://10.1.2.3:5001/")]
    [InlineData("http://0.0.0.0:5001", "http://node-host:5001/")]
    [InlineData("http://[::]:5001", "http://node-host:5001/")]
    [InlineData("http://+:5001", "http://node-host:5001/")]
    [InlineData("http://*:5001", "http://node-host:5001/")]
    public void From_OneAddress_IsWhatOthersConnectTo(string listening, string expected) =>
        Assert.Equal(new Uri(expected), NodeAddress.From([listening], "node-host"));

    [Fact]
    public void From_SeveralAddresses_PrefersTheOneWithoutTls() =>
        Assert.Equal(new Uri("http://127.0.0.1:1/"), NodeAddress.From(["https://localhost:2", "http://localhost:1"], "node-host"));

    [Fact]
    public void From_None_ReturnsNull() => Assert.Null(NodeAddress.From([], "node-host"));
}
