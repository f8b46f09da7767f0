"""FFmpeg filter graphs of clean programme: a landscape in motion, and sound with two different channels.

Nothing in them is a defect. The picture has texture at every scale, camera motion, parallax and film grain, and
keeps within legal levels; the sound is broad-band, pulses as speech does, and its channels correlate by about 0.9.
Both are the same on every machine.
"""


def _texture(name, width, height, octaves):
    """Chains that make one grey picture of smooth noise around 128, and the label of the last.

    octaves: (columns of independent values, amplitude) each.
    """
    chains = []
    for i, (columns, _) in enumerate(octaves):
        rows = max(2, columns * height // width)
        chains.append(f"color=gray:s={columns}x{rows}:r=1:d=1,format=gray,noise=c0s=100:c0f=u:c0_seed={11 + i},"
                      f"scale={width}:{height}:flags=bicubic[{name}{i}]")
    total, amplitude = f"[{name}0]", octaves[0][1]
    for i, (_, next_amplitude) in enumerate(octaves[1:], 1):
        chains.append(f"{total}[{name}{i}]blend=all_expr='128+{amplitude}*(A-128)+{next_amplitude}*(B-128)'"
                      f"[{name}sum{i}]")
        total, amplitude = f"[{name}sum{i}]", 1
    return chains, total


def picture(width, height, rate):
    """The graph whose output [natural] is the moving picture, yuv420p, without end."""
    k = height / 1080

    def even(x):
        return int(x * k) // 2 * 2

    sky_width, sky_height, hills_width, hills_height = even(2240), even(1240), even(2880), even(560)
    sky, sky_texture = _texture("sky", sky_width, sky_height, [(14, 0.7), (56, 0.4), (240, 0.3), (960, 0.2)])
    hills, hills_texture = _texture("hills", hills_width, hills_height, [(40, 0.5), (200, 0.5), (720, 0.4)])
    ridge = (f"{hills_height}*(0.42+0.2*sin(X/{310 * k:.1f})+0.12*sin(X/{97 * k:.1f}+1)"
             f"+0.03*sin(X/{23 * k:.1f}))")
    still_to_moving = f"loop=-1:1,setpts=N/{rate}/TB,fps={rate}"
    return ";".join(sky + hills + [
        f"{sky_texture}format=yuv420p,geq=lum='clip(lum(X,Y)+45-60*Y/H,40,225)'"
        f":cb='150-(lum(2*X,2*Y)-128)/6-14*Y/H':cr='112+(lum(2*X,2*Y)-128)/8+14*Y/H',{still_to_moving},"
        f"crop={width}:{height}:x='(in_w-out_w)/2*(1+sin(t/7))':y='(in_h-out_h)/2*(1+sin(t/4.3))'[far]",
        f"{hills_texture}format=yuva420p,geq=lum='clip(0.6*lum(X,Y)+20+30*Y/H,30,200)':cb=112"
        f":cr='118+6*sin(X/{200 * k:.1f})':a='255*gt(Y,{ridge})',{still_to_moving}[near]",
        f"[far][near]overlay=x='-(w-W)/2*(1+sin(t/1.9))':y='H-h+{even(30)}*(1+sin(t/1.3))':format=yuv420,"
        "noise=c0s=5:c0f=t:c0_seed=5,setsar=1[natural]",
    ])


def sound(rate=48000):
    """The graph whose output [sound] is stereo in float, without end, at about -16 LUFS."""
    noise = f"anoisesrc=color=pink:r={rate}:a=0.5:seed="
    return (f"{noise}1[common];{noise}2[left];{noise}3[right];"
            f"aevalsrc='0.12*sin(2*PI*220*t)+0.08*sin(2*PI*331*t)':s={rate}[tone];"
            "[common][tone]amix=inputs=2:normalize=0,tremolo=f=3:d=0.7,asplit[common1][common2];"
            "[left]tremolo=f=3:d=0.7[left1];[right]tremolo=f=3:d=0.7[right1];"
            "[common1][left1]amix=inputs=2:weights='1 0.3':normalize=0[l];"
            "[common2][right1]amix=inputs=2:weights='1 0.3':normalize=0[r];"
            "[l][r]join=inputs=2:channel_layout=stereo,aformat=fltp[sound]")
