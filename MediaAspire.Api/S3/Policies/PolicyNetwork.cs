using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MediaAspire.Api.S3.Policies;

/// <summary>A range of addresses: one, or those with the same first bits.</summary>
/// <param name="Address">An address in it.</param>
/// <param name="PrefixLength">How many bits are the same.</param>
internal readonly record struct PolicyNetwork(IPAddress Address, int PrefixLength)
{
    /// <summary>Gets whether so many addresses are in it that it is everybody's.</summary>
    public bool IsWide => PrefixLength < (Address.AddressFamily == AddressFamily.InterNetwork ? 8 : 32);

    /// <returns><see langword="null"/> when the text is no address and no range.</returns>
    public static PolicyNetwork? Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IPAddress.TryParse(slash < 0 ? text : text[..slash], out var address))
        {
            return null;
        }

        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        return slash < 0 ? new(address, bits)
            : int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= bits ? new(address, length)
            : null;
    }

    public bool Contains(IPAddress other)
    {
        if (other.AddressFamily != Address.AddressFamily)
        {
            return false;
        }

        var (mine, theirs) = (Address.GetAddressBytes(), other.GetAddressBytes());
        for (var bit = 0; bit < PrefixLength; bit += 8)
        {
            var mask = PrefixLength - bit >= 8 ? 0xFF : 0xFF << (8 - (PrefixLength - bit));
            if (((mine[bit / 8] ^ theirs[bit / 8]) & mask) != 0)
            {
                return false;
            }
        }

        return true;
    }
}
