using MediaAspire.AppHost.PublicAddresses;

namespace MediaAspire.Tests.AppHost.PublicAddresses;

public sealed class PublicAddressAnnouncerTests
{
    [Theory]
    [InlineData("http://localhost:23456", "http://127.0.0.1:23456")]
    [InlineData("http://localhost:23456/", "http://127.0.0.1:23456")]
    [InlineData("http://localhost:18888/login?t=0123456789abcdef", "http://127.0.0.1:18888/login?t=0123456789abcdef")]
    [InlineData("http://media.example:80/", "http://media.example:80")]
    public void ToLoopback_Address_NamesTheLoopbackAddress(string address, string expected) =>
        Assert.Equal(expected, PublicAddressAnnouncer.ToLoopback(address));
}
