using System.Net;
using MediaAspire.Core.Fetching;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Fetching;

public sealed class AddressRulesTests
{
    /// <summary>Addresses that must never be connected to, by the kind of network.</summary>
    public static TheoryData<string> NotPublic =>
    [
        // This machine.
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "::1", "::",

        // Private, shared and link-local networks.
        "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "100.64.0.1", "100.127.255.255", "169.254.0.1",
        "fc00::1", "fd12:3456::1", "fe80::1", "febf::1", "fec0::1",

        // Metadata services.
        "169.254.169.254", "169.254.170.2", "169.254.170.23", "168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::254",
        "fd20:ce::254",

        // Protocols, documentation, benchmarks, multicast, reserved, broadcast.
        "192.0.0.1", "192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "198.19.255.255", "224.0.0.1", "239.255.255.255",
        "240.0.0.1", "255.255.255.255", "192.88.99.1", "ff02::1", "100::1", "2001:db8::1", "3fff::1", "5f00::1",

        // IPv4 in IPv6: mapped, compatible, translated, NAT64, 6to4, Teredo, ISATAP.
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:100.64.0.1", "::127.0.0.1", "::10.0.0.1", "::8.8.8.8",
        "::ffff:0:127.0.0.1", "::ffff:0:a00:1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "2002:7f00:1::",
        "2002:a00:1::1", "2002:a9fe:a9fe::", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001::1", "fe80::5efe:10.0.0.1",
        "2600::5efe:127.0.0.1", "2600::200:5efe:a00:1", "2600:1:2:3:0:5efe:a9fe:a9fe",

        // Not global unicast at all.
        "4000::1", "8000::1", "e000::1",
    ];

    public static TheoryData<string> Public =>
        ["8.8.8.8", "1.1.1.1", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1", "2606:4700::1111", "2a00:1450:4001::1",
            "::ffff:8.8.8.8"];

    [Theory]
    [MemberData(nameof(NotPublic))]
    public void IsAllowed_NotPublic_False(string address) => Assert.False(Rules().IsAllowed(IPAddress.Parse(address)));

    [Theory]
    [MemberData(nameof(Public))]
    public void IsAllowed_Public_True(string address) => Assert.True(Rules().IsAllowed(IPAddress.Parse(address)));

    [Fact]
    public void IsAllowed_ScopedAddress_False() => Assert.False(Rules().IsAllowed(IPAddress.Parse("2606:4700::1111%1")));

    [Fact]
    public void IsAllowed_AllowedNetwork_TrueAlsoWhenMapped()
    {
        var rules = Rules(new FetchingOptions { AllowedNetworks = "10.1.0.0/16, fd00::/8" });

        Assert.True(rules.IsAllowed(IPAddress.Parse("10.1.2.3")));
        Assert.True(rules.IsAllowed(IPAddress.Parse("::ffff:10.1.2.3")));
        Assert.True(rules.IsAllowed(IPAddress.Parse("fd00::1")));
        Assert.False(rules.IsAllowed(IPAddress.Parse("10.2.0.1")));
    }

    [Fact]
    public void IsAllowed_DeniedNetwork_FalseAlsoWithinAnAllowedOne()
    {
        var rules = Rules(new FetchingOptions { AllowedNetworks = "10.0.0.0/8", DeniedNetworks = "10.9.0.0/16,8.8.8.0/24" });

        Assert.True(rules.IsAllowed(IPAddress.Parse("10.1.0.1")));
        Assert.False(rules.IsAllowed(IPAddress.Parse("10.9.0.1")));
        Assert.False(rules.IsAllowed(IPAddress.Parse("8.8.8.8")));
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("fd00:ec2::254")]
    [InlineData("168.63.129.16")]
    public void IsAllowed_MetadataServiceInAnAllowedNetwork_False(string address) => Assert.False(
        Rules(new FetchingOptions { AllowedNetworks = "0.0.0.0/0,::/0" }).IsAllowed(IPAddress.Parse(address)));

    private static AddressRules Rules(FetchingOptions? options = null) => new(Options.Create(options ?? new FetchingOptions()));
}
